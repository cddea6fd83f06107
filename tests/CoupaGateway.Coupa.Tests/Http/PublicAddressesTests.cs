using System.Net;
using CoupaGateway.Coupa.Http;
using CsCheck;

namespace CoupaGateway.Coupa.Tests.Http;

public sealed class PublicAddressesTests
{
    /// <summary>Ways to write an IPv4 address into an IPv6 one, each as the 12 bytes before or the 2 bytes before and the 10 after.</summary>
    private static readonly (string Name, Func<byte[], byte[]> Embed)[] Forms =
    [
        ("mapped", static v4 => [.. new byte[10], 0xff, 0xff, .. v4]),
        ("compatible", static v4 => [.. new byte[12], .. v4]),
        ("translated", static v4 => [.. new byte[8], 0xff, 0xff, 0, 0, .. v4]),
        ("NAT64", static v4 => [0, 0x64, 0xff, 0x9b, .. new byte[8], .. v4]),
        ("local NAT64", static v4 => [0, 0x64, 0xff, 0x9b, 0, 1, .. new byte[6], .. v4]),
        ("6to4", static v4 => [0x20, 0x02, .. v4, .. new byte[10]]),
        ("Teredo server", static v4 => [0x20, 0x01, 0, 0, .. v4, .. new byte[8]]),
        ("Teredo client", static v4 => [0x20, 0x01, 0, 0, .. new byte[8], .. v4.Select(static b => (byte)~b)]),
    ];

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("10.0.0.1")]
    [InlineData("100.64.0.1")]
    [InlineData("100.100.100.200")] // metadata of Alibaba Cloud
    [InlineData("127.0.0.1")]
    [InlineData("127.255.255.254")]
    [InlineData("168.63.129.16")] // Azure's platform
    [InlineData("169.254.169.254")] // metadata of AWS, Azure, Google
    [InlineData("169.254.170.2")] // credentials of AWS' containers
    [InlineData("172.16.0.1")]
    [InlineData("172.31.255.255")]
    [InlineData("192.0.0.192")] // metadata of Oracle Cloud
    [InlineData("192.168.1.1")]
    [InlineData("198.19.0.1")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("::")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("::ffff:169.254.169.254")]
    [InlineData("::127.0.0.1")]
    [InlineData("64:ff9b::7f00:1")]
    [InlineData("64:ff9b:1::a9fe:a9fe")]
    [InlineData("2002:7f00:1::")]
    [InlineData("2002:a9fe:a9fe::1")]
    [InlineData("fc00::1")]
    [InlineData("fd00:ec2::254")] // metadata of AWS over IPv6
    [InlineData("fd20:ce::254")] // metadata of Google over IPv6
    [InlineData("fe80::1")]
    [InlineData("fe80::1%2")]
    [InlineData("fec0::1")]
    [InlineData("ff02::1")]
    [InlineData("2001:db8::1")]
    [InlineData("3fff::1")]
    [InlineData("5f00::1")]
    public void What_is_not_on_the_internet_is_told(string address) => Assert.False(PublicAddresses.Contains(IPAddress.Parse(address)));

    [Theory]
    [InlineData("1.1.1.1")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("126.255.255.255")]
    [InlineData("128.0.0.0")]
    [InlineData("169.253.255.255")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("192.167.255.255")]
    [InlineData("223.255.255.255")]
    [InlineData("::ffff:1.1.1.1")]
    [InlineData("2600:9000::1")]
    [InlineData("2a00::1")]
    public void What_is_on_the_internet_is_told(string address) => Assert.True(PublicAddresses.Contains(IPAddress.Parse(address)));

    [Fact]
    public void No_form_of_IPv6_hides_an_address_that_is_not_on_the_internet() => Gen.Byte.Array[4].Where(static v4 => !PublicAddresses.Contains(new IPAddress(v4)))
        .Select(Gen.Int[0, Forms.Length - 1])
        .Sample(static (v4, form) => !PublicAddresses.Contains(new IPAddress(Forms[form].Embed(v4))));
}
