using System.Text;
using CoupaGateway.Schema.Catalogue;
using CoupaGateway.Schema.Custom;

namespace CoupaGateway.Schema.Tests.Custom;

/// <summary>Short ways to documents, findings and schemas.</summary>
internal static class Metadata
{
    private static readonly SchemaRevision Suppliers = BuiltInCatalogue.Build(CoupaRelease.Newest, ["suppliers", "invoices"]);

    public static MetadataReading Read(string json) => MetadataReader.Read(Encoding.UTF8.GetBytes(json));

    /// <summary>A document with one resource of the given content.</summary>
    public static string Resource(string name, string content, string? url = null) =>
        $$"""{"metadataSources":[{"url":"{{url ?? name}}","targetResources":["{{name}}"]}],"resources":[{"displayName":"{{name}}",{{content}}}]}""";

    public static MetadataResult Compose(string json, string release = "latest")
    {
        var reading = Read(json);
        Assert.DoesNotContain(reading.Findings, static finding => finding.Severity == MetadataSeverity.Error);
        Assert.True(CoupaRelease.TryParse(release, out var parsed));
        return MetadataComposer.Compose(Suppliers, reading.Document, parsed);
    }

    public static TableSchema Table(this MetadataResult result, string name)
    {
        Assert.True(result.Schema.TryGetTable(name, out var table), $"There is no table {name}: {string.Join("; ", result.Findings)}");
        return table;
    }

    public static MetadataFinding Only(this IEnumerable<MetadataFinding> findings, string code) => Assert.Single(findings, finding => finding.Code == code);
}
