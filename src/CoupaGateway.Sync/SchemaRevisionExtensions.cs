using CoupaGateway.Schema;

namespace CoupaGateway.Sync;

public static class SchemaRevisionExtensions
{
    /// <summary>Names of the tables that are read from Coupa, in the order of the schema.</summary>
    public static IReadOnlyList<string> ApiTables(this SchemaRevision schema) =>
        [.. schema.Tables.Where(static table => table.Resource is not null).Select(static table => table.Name)];
}
