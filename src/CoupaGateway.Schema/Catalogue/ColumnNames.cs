namespace CoupaGateway.Schema.Catalogue;

/// <summary>How JSON keys become column names.</summary>
internal static class ColumnNames
{
    /// <summary>
    /// Joins keys with underscores and turns hyphens into underscores: <c>supplier</c>, <c>name</c> becomes <c>supplier_name</c>. Coupa's
    /// Ruby-style predicates (<c>active?</c>, often beside <c>active</c>) become <c>active_flag</c>: a question mark is not legal in an OData
    /// identifier, and the name must not depend on which of the two a release has.
    /// </summary>
    public static string Of(params ReadOnlySpan<string> path) =>
        string.Join('_', path).Replace('-', '_').Replace("?", "_flag", StringComparison.Ordinal);

    /// <summary>A JSON key as the arguments of a request spell it: with underscores.</summary>
    public static string Argument(string key) => key.Replace('-', '_');

    /// <summary>The column that repeats the key of an ancestor row: <c>invoices_id</c>.</summary>
    public static string OfAncestor(string table) => table + "_id";
}
