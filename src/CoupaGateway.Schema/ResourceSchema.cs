using System.Collections.Immutable;

namespace CoupaGateway.Schema;

/// <summary>The Coupa API resource that an API table is read from.</summary>
public sealed record ResourceSchema
{
    /// <summary>Path below the instance, e.g. <c>/api/invoices</c>.</summary>
    public required string Path { get; init; }

    /// <summary>OAuth scope that reading the resource needs, e.g. <c>core.invoice.read</c>; empty when nobody knows it.</summary>
    public required string Scope { get; init; }

    /// <summary>
    /// Whether the record's <c>id</c> identifies it. False for <c>purchase_order_revisions</c>, where <c>id</c> is the order's id and
    /// many records share it: keyset paging must then allow for ties.
    /// </summary>
    public bool IdIsUnique { get; init; } = true;

    /// <summary>Request field that tells when a record changed (<c>updated_at</c>), or null when the resource has none.</summary>
    public string? Watermark { get; init; } = "updated_at";

    /// <summary>
    /// Value of the <c>fields</c> query parameter that asks for just what the tables take (JSON, not yet URL-encoded). It covers the
    /// nested tables too. Null asks for Coupa's default projection.
    /// </summary>
    public string? Projection { get; init; }

    /// <summary>Parameters that are sent with every request for records, unescaped. Other parameters, other records: they are part of the table's fingerprint.</summary>
    public ImmutableArray<KeyValuePair<string, string>> Query { get; init; } = [];
}
