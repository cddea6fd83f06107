using System.Globalization;
using CoupaGateway.OData.Errors;
using CoupaGateway.OData.Feed;
using Microsoft.AspNetCore.Http;
using Microsoft.OData;

namespace CoupaGateway.OData.Formats;

/// <summary>
/// The version of OData that a request is answered in: 4.0, which every client reads, unless <c>OData-MaxVersion</c> asks for 4.01 or more.
/// </summary>
internal static class ProtocolVersion
{
    private const decimal First = 4.0m;
    private const decimal Second = 4.01m;

    /// <summary>The version of the answer; 4.0 also where <see cref="Check"/> refuses the request.</summary>
    public static ODataVersion Of(HttpRequest request) =>
        TryRead(request.Headers[FeedHeaders.ODataMaxVersion], out var version) && version >= Second ? ODataVersion.V401 : ODataVersion.V4;

    /// <exception cref="FeedException">400: the client reads no version that the feed writes, or writes one that the feed does not read.</exception>
    public static void Check(HttpRequest request)
    {
        if (!TryRead(request.Headers[FeedHeaders.ODataMaxVersion], out var most) || most < First)
            throw FeedException.BadRequest(ErrorCodes.InvalidVersion, "The feed speaks OData 4.0 and 4.01; OData-MaxVersion asks for less, or for nothing known.", FeedHeaders.ODataMaxVersion);
        if (!TryRead(request.Headers[FeedHeaders.ODataVersion], out var version) || version is not (null or First or Second))
            throw FeedException.BadRequest(ErrorCodes.InvalidVersion, "The feed reads OData 4.0 and 4.01; OData-Version names another version.", FeedHeaders.ODataVersion);
    }

    /// <summary>What the names of control information begin with: only 4.01 allows the short form.</summary>
    public static string ControlPrefix(this ODataVersion version) => version == ODataVersion.V401 ? "@" : "@odata.";

    /// <summary>Value of <c>OData-Version</c>.</summary>
    public static string HeaderValue(this ODataVersion version) => ODataUtils.ODataVersionToString(version);

    /// <param name="version">Null when the header is not there.</param>
    /// <returns>False when the header is no version.</returns>
    private static bool TryRead(string? header, out decimal? version)
    {
        version = null;
        if (string.IsNullOrEmpty(header))
            return true;

        // What follows a semicolon names the client's library.
        var isNumber = decimal.TryParse(header.AsSpan(0, header.AsSpan().IndexOf(';') is >= 0 and var end ? end : header.Length).Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number);
        version = number;
        return isNumber;
    }
}
