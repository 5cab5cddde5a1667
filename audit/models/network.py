"""Which hosts count as local: pixels of patients go to no other host without leave."""

from __future__ import annotations

import ipaddress

_RFC_1918 = tuple(map(ipaddress.ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")))
_RFC_4193 = ipaddress.ip_network("fc00::/7")


def is_local(host: str) -> bool:
    """Whether `host` is this machine or a literal address of a private network.

    Local: `localhost` and names below it (RFC 6761), loopback, the private ranges of RFC 1918, unique local
    addresses (RFC 4193) and link-local ones; an IPv4 address inside an IPv6 one counts as itself. A name is never
    resolved: who answers to it can change between the check and the call. Anything else, `*.local` and the shared
    range of carriers (RFC 6598) included, is not local.
    """
    name = host.strip().strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        return False
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is None:
            return address.is_loopback or address.is_link_local or address in _RFC_4193
        address = address.ipv4_mapped
    return address.is_loopback or address.is_link_local or any(address in private for private in _RFC_1918)
