//! Which addresses are those of the public Internet.
//!
//! An address that a page names, or that a name in it stands for, may be one
//! of the machine's own network: its router, a database, the metadata service
//! that gives a cloud machine its passwords. The lists are IANA's registries of
//! special-purpose addresses (RFC 6890): of IPv4, all that is not set aside is
//! public; of IPv6, only what lies in the global unicast range (2000::/3) and
//! is not set aside in it. An IPv6 address that carries an IPv4 one is as
//! public as the one it carries.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Why an address is none of the public Internet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NotPublic {
    /// 0.0.0.0/8 and `::`.
    #[error("an unspecified address")]
    Unspecified,
    /// 127.0.0.0/8 and `::1`.
    #[error("a loopback address")]
    Loopback,
    /// 10.0.0.0/8, 172.16.0.0/12 and 192.168.0.0/16 (RFC 1918), and fc00::/7
    /// (RFC 4193).
    #[error("an address of a private network")]
    Private,
    /// 169.254.0.0/16 and fe80::/10.
    #[error("a link-local address")]
    LinkLocal,
    /// Where cloud providers answer their machines.
    #[error("the address of a cloud's metadata service")]
    Metadata,
    /// 100.64.0.0/10, behind a provider's address translation (RFC 6598).
    #[error("an address shared behind a provider's translation")]
    Shared,
    /// 198.18.0.0/15 and 2001:2::/48 (RFC 2544, RFC 5180).
    #[error("an address for benchmarks")]
    Benchmarking,
    /// 192.0.2.0/24, 198.51.100.0/24, 203.0.113.0/24 (RFC 5737), 2001:db8::/32
    /// and 3fff::/20.
    #[error("an address for documentation")]
    Documentation,
    /// 224.0.0.0/4 and ff00::/8.
    #[error("a multicast address")]
    Multicast,
    /// 255.255.255.255.
    #[error("the broadcast address")]
    Broadcast,
    /// fec0::/10 (RFC 3879).
    #[error("a site-local address")]
    SiteLocal,
    /// Set aside for protocols or for later: 192.0.0.0/24, 192.88.99.0/24,
    /// 240.0.0.0/4, 2001::/23 (Teredo among them), and all of IPv6 outside
    /// 2000::/3.
    #[error("a reserved address")]
    Reserved,
}

/// The metadata services that lie outside 169.254.169.254: of Alibaba, Azure
/// and Oracle.
const METADATA_V4: [Ipv4Addr; 4] = [
    Ipv4Addr::new(169, 254, 169, 254),
    Ipv4Addr::new(100, 100, 100, 200),
    Ipv4Addr::new(168, 63, 129, 16),
    Ipv4Addr::new(192, 0, 0, 192),
];

/// Amazon's metadata service over IPv6.
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);

/// Says why `address` is none of the public Internet, or `None` when it is one.
///
/// ```
/// use dehusk::source::fetch::{NotPublic, not_public};
///
/// let reason = not_public("::ffff:192.168.0.1".parse().unwrap());
/// assert_eq!(reason, Some(NotPublic::Private));
/// assert_eq!(not_public("9.9.9.9".parse().unwrap()), None);
/// ```
pub fn not_public(address: IpAddr) -> Option<NotPublic> {
    match address {
        IpAddr::V4(address) => not_public_v4(address),
        IpAddr::V6(address) => not_public_v6(address),
    }
}

fn not_public_v4(address: Ipv4Addr) -> Option<NotPublic> {
    if METADATA_V4.contains(&address) {
        return Some(NotPublic::Metadata);
    }
    Some(match address.octets() {
        [0, ..] => NotPublic::Unspecified,
        [127, ..] => NotPublic::Loopback,
        [10, ..] | [172, 16..=31, ..] | [192, 168, ..] => NotPublic::Private,
        [169, 254, ..] => NotPublic::LinkLocal,
        [100, 64..=127, ..] => NotPublic::Shared,
        [198, 18..=19, ..] => NotPublic::Benchmarking,
        [192, 0, 2, _] | [198, 51, 100, _] | [203, 0, 113, _] => NotPublic::Documentation,
        [255, 255, 255, 255] => NotPublic::Broadcast,
        [224..=239, ..] => NotPublic::Multicast,
        [192, 0, 0, _] | [192, 88, 99, _] | [240..=255, ..] => NotPublic::Reserved,
        _ => return None,
    })
}

fn not_public_v6(address: Ipv6Addr) -> Option<NotPublic> {
    if let Some(carried) = carried_v4(address) {
        return not_public_v4(carried);
    }
    if address == METADATA_V6 {
        return Some(NotPublic::Metadata);
    }
    Some(match address.segments() {
        [0, 0, 0, 0, 0, 0, 0, 0] => NotPublic::Unspecified,
        [0, 0, 0, 0, 0, 0, 0, 1] => NotPublic::Loopback,
        // IPv4-compatible (RFC 4291 §2.5.5.1), long out of use.
        [0, 0, 0, 0, 0, 0, high, low] => {
            not_public_v4(v4(high, low)).unwrap_or(NotPublic::Reserved)
        }
        [0xfc00..=0xfdff, ..] => NotPublic::Private,
        [0xfe80..=0xfebf, ..] => NotPublic::LinkLocal,
        [0xfec0..=0xfeff, ..] => NotPublic::SiteLocal,
        [0xff00..=0xffff, ..] => NotPublic::Multicast,
        [0x2001, 2, 0, ..] => NotPublic::Benchmarking,
        [0x2001, 0..=0x1ff, ..] => NotPublic::Reserved,
        [0x2001, 0xdb8, ..] | [0x3fff, 0..=0xfff, ..] => NotPublic::Documentation,
        [0x2000..=0x3fff, ..] => return None,
        _ => NotPublic::Reserved,
    })
}

/// The IPv4 address that packets to `address` would end at: IPv4-mapped
/// (RFC 4291 §2.5.5.2), NAT64 (RFC 6052), 6to4 (RFC 3056), ISATAP (RFC 5214).
fn carried_v4(address: Ipv6Addr) -> Option<Ipv4Addr> {
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low]
        | [0x64, 0xff9b, 0, 0, 0, 0, high, low]
        | [0x2002, high, low, ..]
        | [0x2000..=0x3fff, _, _, _, 0 | 0x200, 0x5efe, high, low] => Some(v4(high, low)),
        _ => None,
    }
}

fn v4(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from(u32::from(high) << 16 | u32::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn reason(address: &str) -> Option<NotPublic> {
        not_public(address.parse().unwrap())
    }

    #[test]
    fn every_range_that_is_set_aside_is_refused_from_its_first_to_its_last_address() {
        use NotPublic::*;
        for (first, last, expected) in [
            ("0.0.0.0", "0.255.255.255", Unspecified),
            ("10.0.0.0", "10.255.255.255", Private),
            ("100.64.0.0", "100.127.255.255", Shared),
            ("127.0.0.0", "127.255.255.255", Loopback),
            ("169.254.0.0", "169.254.255.255", LinkLocal),
            ("172.16.0.0", "172.31.255.255", Private),
            ("192.0.0.0", "192.0.0.255", Reserved),
            ("192.0.2.0", "192.0.2.255", Documentation),
            ("192.88.99.0", "192.88.99.255", Reserved),
            ("192.168.0.0", "192.168.255.255", Private),
            ("198.18.0.0", "198.19.255.255", Benchmarking),
            ("198.51.100.0", "198.51.100.255", Documentation),
            ("203.0.113.0", "203.0.113.255", Documentation),
            ("224.0.0.0", "239.255.255.255", Multicast),
            ("240.0.0.0", "255.255.255.254", Reserved),
            ("255.255.255.255", "255.255.255.255", Broadcast),
            ("169.254.169.254", "100.100.100.200", Metadata),
            ("168.63.129.16", "192.0.0.192", Metadata),
            ("::", "::", Unspecified),
            ("::1", "::1", Loopback),
            ("::2", "::0.255.255.255", Unspecified),
            ("64:ff9b:1::", "100::1", Reserved),
            ("2001::", "2001:1ff:ffff::", Reserved),
            ("2001:2::1", "2001:2:0:ffff::", Benchmarking),
            ("2001:db8::", "2001:db8:ffff::", Documentation),
            ("3fff::", "3fff:fff:ffff::", Documentation),
            ("4000::", "fbff:ffff::", Reserved),
            ("fc00::", "fdff:ffff::", Private),
            ("fd00:ec2::254", "fd00:ec2::254", Metadata),
            ("fe80::", "febf:ffff::", LinkLocal),
            ("fec0::", "feff:ffff::", SiteLocal),
            ("ff02::1", "ffff::", Multicast),
        ] {
            assert_eq!(reason(first), Some(expected), "{first}");
            assert_eq!(reason(last), Some(expected), "{last}");
        }
    }

    #[test]
    fn addresses_next_to_the_ranges_are_public() {
        for address in [
            "1.0.0.0",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "169.253.255.255",
            "172.15.255.255",
            "172.32.0.0",
            "192.0.1.0",
            "192.0.3.0",
            "192.167.255.255",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2000::",
            "2001:200::1",
            "2606:4700::1111",
            "3ffe:ffff::",
            "::ffff:9.9.9.9",
            "64:ff9b::9.9.9.9",
            "2002:909:909::1",
        ] {
            assert_eq!(reason(address), None, "{address}");
        }
    }

    #[test]
    fn an_address_carried_by_another_is_told_by_its_own_kind() {
        for (address, expected) in [
            ("::ffff:127.0.0.1", NotPublic::Loopback),
            ("::ffff:169.254.169.254", NotPublic::Metadata),
            ("::10.0.0.1", NotPublic::Private),
            ("64:ff9b::192.168.1.1", NotPublic::Private),
            ("2002:7f00:1::", NotPublic::Loopback),
            ("2a00:1:2:3:0:5efe:10.0.0.1", NotPublic::Private),
            // Teredo hides the client's address behind an exclusive or.
            ("2001:0:909:909::80ff:fffe", NotPublic::Reserved),
        ] {
            assert_eq!(reason(address), Some(expected), "{address}");
        }
    }

    /// Addresses of which one in three lies in a range that is set aside.
    fn any_v4() -> impl Strategy<Value = Ipv4Addr> {
        let head = prop_oneof![
            any::<[u8; 2]>(),
            any::<[u8; 2]>(),
            prop::sample::select(vec![
                [0, 0],
                [10, 9],
                [100, 100],
                [127, 0],
                [169, 254],
                [172, 20],
                [192, 0],
                [192, 168],
                [198, 18],
                [240, 1],
            ]),
        ];
        (head, any::<[u8; 2]>()).prop_map(|([a, b], [c, d])| Ipv4Addr::new(a, b, c, d))
    }

    proptest! {
        #[test]
        fn no_ipv6_form_of_a_refused_ipv4_address_is_public(address in any_v4(), tail in any::<u64>()) {
            let [a, b, c, d] = address.octets();
            let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            let refused = not_public_v4(address).is_some();
            let carried = [
                address.to_ipv6_mapped(),
                Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
                Ipv6Addr::from(u128::from(tail) | 0x2002 << 112 | u128::from(u32::from(address)) << 80),
            ];
            for form in carried {
                prop_assert_eq!(not_public_v6(form).is_some(), refused, "{}", form);
            }
            let never_public = [
                address.to_ipv6_compatible(),
                Ipv6Addr::new(0, 0, 0, 0, 0xffff, 0, high, low),
                Ipv6Addr::new(0x2001, 0, high, low, 0, 0, !high, !low),
            ];
            for form in never_public {
                prop_assert!(not_public_v6(form).is_some(), "{}", form);
            }
        }

        #[test]
        fn what_the_standard_library_knows_to_be_special_is_refused(address in any_v4()) {
            let special = address.is_private()
                || address.is_loopback()
                || address.is_link_local()
                || address.is_broadcast()
                || address.is_documentation()
                || address.is_multicast()
                || address.is_unspecified();
            prop_assert!(!special || not_public_v4(address).is_some());
        }

        #[test]
        fn outside_the_global_range_only_carried_addresses_are_public(bits in any::<u128>()) {
            let address = Ipv6Addr::from(bits);
            let global = address.segments()[0] & 0xe000 == 0x2000;
            prop_assert!(global || carried_v4(address).is_some() || not_public_v6(address).is_some());
        }
    }
}
