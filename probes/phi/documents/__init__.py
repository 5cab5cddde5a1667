"""Invented medical documents with every text identifier of HIPAA's Safe Harbor rule, and where each stands.

`document` makes one page in memory, `write_documents` a folder that any program can read.
"""

from probes.phi.documents.categories import CATEGORIES
from probes.phi.documents.document import Document, document
from probes.phi.documents.folder import write_documents
from probes.phi.documents.layouts.table import LAYOUTS
from probes.phi.documents.look import Look

__all__ = ["CATEGORIES", "LAYOUTS", "Document", "Look", "document", "write_documents"]
