"""Readers of images, manifests, DICOM folders and benchmark folders."""
