namespace CoupaGateway.OData.Translation;

/// <summary>Quotes the two things that stand in SQL as text: identifiers of the schema and paths of the chunk cache.</summary>
internal static class SqlText
{
    public static string Identifier(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    public static string Path(string path) => $"'{path.Replace("'", "''", StringComparison.Ordinal)}'";
}
