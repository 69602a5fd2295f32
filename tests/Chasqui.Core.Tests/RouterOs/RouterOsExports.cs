namespace Chasqui.Core.Tests.RouterOs;

/// <summary>Scripts in the forms that RouterOS 7 has had, with names and keys of our own.</summary>
internal static class RouterOsExports
{
    internal const string KeyA = "kO3Vn4dpfBJ8vMXX3GQzQ5Kq2cCvFzvVvGxHk7HkQGk=";
    internal const string KeyB = "QXyLbRZpqAkzRu8tGr7f1WmCPDMhXj4dcsNvGi9zq3o=";
    internal const string KeyC = "8GYVbwQmTtMdYCnRfJbCmW5gDbkTzmrBhXzYlQd8vVo=";
    internal const string Private = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk=";

    /// <summary>As 7.1 wrote it: a date with the month's name, endpoints that are empty, keys of the time.</summary>
    internal const string Version7_1 = $"""
        # jan/02/2022 11:22:33 by RouterOS 7.1.1
        # software id = AAAA-BBBB
        #
        # model = RB750Gr3
        # serial number = 000000000000
        /interface bridge
        add admin-mac=02:00:00:00:00:01 auto-mac=no comment=defconf name=bridge
        /interface wireguard
        add listen-port=13231 mtu=1420 name=wireguard1
        /interface wireguard peers
        add allowed-address=10.8.0.2/32 comment="Ann's phone" endpoint-address="" \
            endpoint-port=0 interface=wireguard1 public-key=\
            "{KeyA}"
        add allowed-address=10.8.0.3/32,192.168.77.0/24 endpoint-address=vpn.example.org \
            endpoint-port=51820 interface=wireguard1 persistent-keepalive=25s \
            public-key="{KeyB}"
        /ip address
        add address=192.168.88.1/24 comment=defconf interface=bridge network=192.168.88.0
        add address=10.8.0.1/24 interface=wireguard1 network=10.8.0.0
        /ip firewall filter
        add action=accept chain=input comment="defconf: accept established,related" connection-state=established,related
        add action=accept chain=input dst-port=13231 in-interface=wireguard1 protocol=udp
        /ip route
        add disabled=no dst-address=192.168.77.0/24 gateway=wireguard1 routing-table=main
        /system identity
        set name=MikroTik
        """;

    /// <summary>As 7.12 wrote it: numbers for the month, names of clients' properties, is-responder.</summary>
    internal const string Version7_12 = $"""
        # 2023-12-01 10:00:00 by RouterOS 7.12.1
        # software id = AAAA-BBBB
        #
        /interface wireguard
        add comment="Z\FCrich \"HQ\"" listen-port=51820 mtu=1412 name=wg-hq
        /interface wireguard peers
        add allowed-address="10.20.0.2/32,fd00:20::2/128,192.168.25\
            3.0/24" client-address=10.20.0.2/32 client-dns=10.20.0.1 comment=\
            "Branch\r\nnorth" endpoint-address=2001:db8::7 endpoint-port=13231 \
            interface=wg-hq is-responder=yes persistent-keepalive=1m40s public-key=\
            "{KeyA}"
        add allowed-address=10.20.0.3/32 disabled=yes interface=wg-hq public-key=\
            "{KeyB}"
        /ip address
        add address=10.20.0.1/24 interface=wg-hq network=10.20.0.0
        add address=10.66.66.7 interface=wg-hq network=10.66.66.7
        /ip route
        add dst-address=192.168.253.0/24 gateway=10.20.0.2
        /ipv6 address
        add address=fd00:20::1 advertise=no interface=wg-hq
        add address=::1 from-pool=isp interface=wg-hq
        """;

    /// <summary>As 7.2x writes it with <c>show-sensitive terse</c>: whole commands, names, keys.</summary>
    internal const string Version7_21 = $"""
        # 2026-02-03 04:05:06 by RouterOS 7.21
        # software id = AAAA-BBBB
        #
        /interface wireguard add listen-port=13231 mtu=1420 name="Site to site" private-key="{Private}"
        /interface wireguard add disabled=yes listen-port=13232 mtu=1420 name=wg-old private-key="{Private}" vrf=lan
        /interface list add name=WAN
        /interface list member add interface="Site to site" list=LAN
        /interface wireguard peers add allowed-address=10.255.255.2/32,10.30.30.0/24 client-allowed-address=::/0 comment="R2 Branch" endpoint-address=198.51.100.4 endpoint-port=13232 interface="Site to site" name=branch-r2 persistent-keepalive=25s preshared-key="{Private}" public-key="{KeyA}"
        /interface wireguard peers add allowed-address=0.0.0.0/0 interface=wg-old name=peer1 private-key="{Private}" responder=yes
        /ip address add address=10.255.255.1/30 comment="S2S transit" interface="Site to site" network=10.255.255.0
        /ip address add address=10.9.0.1/24 disabled=yes interface=wg-old network=10.9.0.0
        /ip route add dst-address=10.30.30.0/24 gateway="Site to site"
        """;
}
