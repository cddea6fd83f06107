using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Text.Json;

namespace CoupaGateway.Schema.Catalogue;

/// <summary>The catalogue's data files, read once.</summary>
internal sealed class CatalogueData
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private static readonly Lazy<CatalogueData> Loaded = new(static () => new CatalogueData());

    private CatalogueData()
    {
        Tables = Read<ImmutableArray<TableDefinition>>("tables");
        Classes = Read<Dictionary<string, ImmutableArray<FieldDefinition>>>("classes").ToFrozenDictionary();
        References = Read<Dictionary<string, ImmutableArray<string>>>("references").ToFrozenDictionary();
        Descriptions = Read<Dictionary<string, string>>("descriptions").ToFrozenDictionary();
    }

    public static CatalogueData Instance => Loaded.Value;

    /// <summary>The API tables in the order in which they are listed to users.</summary>
    public ImmutableArray<TableDefinition> Tables { get; }

    /// <summary>Record classes by name.</summary>
    public FrozenDictionary<string, ImmutableArray<FieldDefinition>> Classes { get; }

    /// <summary>For each class the fields that an object of that class contributes to the row that refers to it.</summary>
    public FrozenDictionary<string, ImmutableArray<string>> References { get; }

    /// <summary>What each table holds, by table name.</summary>
    public FrozenDictionary<string, string> Descriptions { get; }

    private static T Read<T>(string name)
    {
        using var stream = typeof(CatalogueData).Assembly.GetManifestResourceStream($"{typeof(CatalogueData).Namespace}.{name}.json")!;
        return JsonSerializer.Deserialize<T>(stream, Json)!;
    }
}
