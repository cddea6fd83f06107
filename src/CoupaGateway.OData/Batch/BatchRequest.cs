using System.Collections.Immutable;

namespace CoupaGateway.OData.Batch;

/// <summary>One request of a batch.</summary>
/// <param name="Id">What the client calls it; null in a multipart batch that names none.</param>
/// <param name="Group">The change set or atomicity group that it belongs to; null for none.</param>
/// <param name="DependsOn">Ids of requests and groups that have to succeed before.</param>
/// <param name="Url">Absolute; relative when it begins with a reference to another request, such as <c>$1</c>.</param>
internal sealed record BatchRequest(
    string? Id, string? Group, ImmutableArray<string> DependsOn, string Method, Uri Url, ImmutableArray<KeyValuePair<string, string>> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>Whether it is to be tried only if an expression over other answers is true.</summary>
    public bool IsConditional { get; init; }
}
