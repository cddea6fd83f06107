using CoupaGateway.OData.Errors;

namespace CoupaGateway.OData.Feed;

/// <summary>Resources of the standard that a feed does not have, and that ODL does not know as such: they are unsupported, not unknown.</summary>
internal static class UnsupportedResources
{
    private static readonly string[] Names = ["$crossjoin", "$all", "$entity"];

    /// <param name="path">Path below the service root, encoded.</param>
    /// <exception cref="FeedException">501: the path begins with one of them.</exception>
    public static void Check(string path)
    {
        var first = Uri.UnescapeDataString(path.Split('/', 2)[0]).Split('(', 2)[0];
        if (Names.Contains(first, StringComparer.Ordinal))
            throw FeedException.NotImplemented($"'{first}' is not supported.", first);
    }
}
