namespace CoupaGateway.OData.Rows;

/// <summary>One column of a result, in the order of the SELECT list.</summary>
/// <param name="Name">Name in the payload.</param>
/// <param name="Kind">How to read and write its values.</param>
/// <param name="IsDynamic">Whether the request has made it up, so that <c>$metadata</c> does not tell its type: the payload then does.</param>
/// <param name="IsAnnotation">Whether it is no property but says something of one, so that its type is never stated.</param>
/// <param name="Hidden">Not written: selected only for page tokens or entity ids.</param>
internal sealed record RowColumn(string Name, RowValueKind Kind, bool Hidden = false, bool IsDynamic = false, bool IsAnnotation = false);
