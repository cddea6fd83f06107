using System.Globalization;
using System.Security.Cryptography;
using StackExchange.Redis;

namespace CoupaGateway.Snapshots.Manifests;

/// <summary>
/// The field of a table in its connection's <c>heads</c>: <c>version:fingerprint</c>. The fingerprint tells apart the first version of a table
/// from the first version after it was dropped.
/// </summary>
/// <param name="Version">0 while the table is being dropped.</param>
internal readonly record struct TableHead(long Version, string Fingerprint)
{
    public static TableHead Dropping { get; } = new(0, "dropping");

    public static TableHead Of(long version, ReadOnlySpan<byte> manifest) =>
        new(version, Convert.ToHexStringLower(SHA256.HashData(manifest).AsSpan(0, 8)));

    public static TableHead? Parse(RedisValue value)
    {
        var parts = ((string?)value)?.Split(':', 2);
        return parts is [var version, var fingerprint] && long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new TableHead(number, fingerprint)
            : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Version}:{Fingerprint}");
}
