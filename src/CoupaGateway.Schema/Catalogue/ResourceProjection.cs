namespace CoupaGateway.Schema.Catalogue;

/// <summary>Gives an API table anew what is to be asked of the API: whoever changes the columns of a family does this last.</summary>
public static class ResourceProjection
{
    /// <param name="root">The API table.</param>
    /// <param name="tables">All tables of the schema, or of the family.</param>
    public static TableSchema Rebuild(TableSchema root, IReadOnlyCollection<TableSchema> tables)
    {
        var data = CatalogueData.Instance;
        var family = tables.Where(table => table.Root == root.Name).ToArray();
        return root with { Resource = root.Resource! with { Projection = Projection.For(root, family, ClassPaths.ClassOf(root.Name), data) } };
    }
}
