using System.Globalization;
using CoupaGateway.OData.Model;
using CoupaGateway.Snapshots.Manifests;

namespace CoupaGateway.OData.Feed;

/// <summary>Instance annotations of rows, for clients that ask for them with <c>Prefer: odata.include-annotations</c>.</summary>
internal static class RowAnnotations
{
    /// <summary>Term of the instant up to which rows are those of Coupa.</summary>
    public const string Watermark = EdmModelFactory.Namespace + ".Watermark";

    /// <summary>The annotations of rows of this version, each with a comma behind it; empty without.</summary>
    public static string Of(FeedRequest request, TableManifest manifest) =>
        manifest.Watermark is { } watermark && request.Preferences.Includes(Watermark)
            ? $"\"@{Watermark}\":\"{watermark.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture)}\","
            : string.Empty;
}
