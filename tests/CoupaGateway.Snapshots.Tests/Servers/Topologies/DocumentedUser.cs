using CoupaGateway.Tests.Shared;

namespace CoupaGateway.Snapshots.Tests.Servers.Topologies;

/// <summary>The command that docs/redis.md gives for the gateway's user.</summary>
internal static class DocumentedUser
{
    public const string Name = "gateway";

    private const string Command = "ACL SETUSER ";

    /// <summary>Its arguments after <c>ACL</c>, with a password.</summary>
    public static IEnumerable<string> Arguments(string password)
    {
        var line = File.ReadLines(Path.Combine(Repository.Root, "docs", "redis.md")).Single(static line => line.StartsWith(Command, StringComparison.Ordinal));
        return line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..].Select(word => word == ">PASSWORD" ? $">{password}" : word);
    }
}
