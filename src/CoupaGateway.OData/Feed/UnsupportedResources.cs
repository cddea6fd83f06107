using CoupaGateway.OData.Errors;

namespace CoupaGateway.OData.Feed;

/// <summary>Resources of the standard that a feed does not have, and that ODL does not know as such, or not in every form: they are unsupported, not unknown.</summary>
internal static class UnsupportedResources
{
    private static readonly string[] Names = ["$crossjoin", "$all", "$entity"];

    /// <summary>Segments behind a collection.</summary>
    private static readonly string[] Segments = ["$filter", "$each"];

    /// <param name="path">Path below the service root, encoded.</param>
    /// <exception cref="FeedException">501: the path leads to one of them.</exception>
    public static void Check(string path)
    {
        var segments = path.Split('/').Select(static segment => Uri.UnescapeDataString(segment).Split('(', 2)[0]).ToList();
        var found = Names.FirstOrDefault(name => segments[0] == name) ?? segments.Skip(1).FirstOrDefault(static segment => Segments.Contains(segment, StringComparer.Ordinal));
        if (found is not null)
            throw FeedException.NotImplemented($"'{found}' is not supported.", found);
    }
}
