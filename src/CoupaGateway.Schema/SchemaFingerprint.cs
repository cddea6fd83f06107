using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CoupaGateway.Schema.Pseudonyms;

namespace CoupaGateway.Schema;

/// <summary>Short, stable hashes that name a table's or a schema's shape.</summary>
internal static class SchemaFingerprint
{
    private const int Length = 16;

    public static string Of(TableSchema table) => Hash(Shape(table, static mark => mark.Signature));

    public static string Of(IEnumerable<TableSchema> tables)
    {
        var text = new StringBuilder();
        foreach (var table in tables)
        {
            text.Append(Shape(table, static mark => mark.Meaning)).Append(table.Parent).Append(':').Append(table.Description).Append('\n');
            foreach (var column in table.Columns)
            {
                text.Append(column.Description).Append('|').AppendJoin(',', column.AllowedValues).Append('\n');
            }
        }

        return Hash(text.ToString());
    }

    private static string Shape(TableSchema table, Func<PseudonymMark, string> pseudonym)
    {
        var text = new StringBuilder(table.Name).Append('\n');
        foreach (var column in table.Columns)
        {
            text.Append(CultureInfo.InvariantCulture, $"{column.Name}:{column.Type}:{column.IsKey}");
            if (column.Pseudonym is { } mark)
                text.Append(':').Append(pseudonym(mark));
            text.Append('\n');
        }

        if (table is { Source: SchemaSource.Custom, Resource: { } resource })
            text.Append(resource.Path).Append('\n');
        foreach (var (name, value) in table.Resource?.Query ?? [])
            text.Append(CultureInfo.InvariantCulture, $"{name}={value}\n");

        return text.ToString();
    }

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..Length];
}
