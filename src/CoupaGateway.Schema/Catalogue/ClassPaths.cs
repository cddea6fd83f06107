using System.Collections.Frozen;

namespace CoupaGateway.Schema.Catalogue;

/// <summary>Finds out what the catalogue's classes say of a path in a record, also where no table takes it.</summary>
internal static class ClassPaths
{
    private static readonly FrozenDictionary<string, string> Classes = CatalogueData.Instance.Tables
        .SelectMany(static table => table.Nested.Select(static nested => (Name: nested.Table, nested.Class)).Prepend((Name: table.Table, table.Class)))
        .ToFrozenDictionary(static table => table.Name, static table => table.Class, StringComparer.Ordinal);

    /// <summary>Class of the elements of a built-in table; null for any other.</summary>
    public static string? ClassOf(string table) => Classes.GetValueOrDefault(table);

    /// <summary>The field at the end of a path, and the class that has it; null when the classes do not know it.</summary>
    public static (string Class, FieldDefinition Field)? Find(string? className, IEnumerable<string> path)
    {
        (string, FieldDefinition)? found = null;
        foreach (var key in path)
        {
            if (className is null || !CatalogueData.Instance.Classes.TryGetValue(className, out var fields)
                || fields.FirstOrDefault(field => field.Name.Replace('-', '_') == key.Replace('-', '_')) is not { } field)
            {
                return null;
            }

            found = (className, field);
            className = field.Type == "object" ? field.Class : null;
        }

        return found;
    }
}
