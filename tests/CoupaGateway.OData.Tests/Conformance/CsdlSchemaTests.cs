using System.Diagnostics;
using CoupaGateway.OData.Model;
using CoupaGateway.OData.Tests.Feed;
using CoupaGateway.Schema;
using CoupaGateway.Schema.Catalogue;

namespace CoupaGateway.OData.Tests.Conformance;

/// <summary>Checks against OASIS' own data, found by the environment variable <c>OASIS_DATA</c>; the test script leaves the category out where it is not set.</summary>
[Trait("Category", "Conformance")]
public sealed class CsdlSchemaTests
{
    private static string Oasis => Environment.GetEnvironmentVariable("OASIS_DATA") ?? throw new InvalidOperationException("OASIS_DATA is not set.");

    [Theory]
    [InlineData("small")]
    [InlineData("R21")]
    [InlineData("latest")]
    public async Task Metadata_is_valid_by_the_oasis_schema(string schema)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, EdmModelFactory.Create(Schema(schema), maxExpandLevels: 5).Xml.ToArray(), FeedFixture.Stop);
        using var lint = Process.Start(new ProcessStartInfo("xmllint", ["--noout", "--nonet", "--schema", Path.Combine(Oasis, "edmx.xsd"), file]) { RedirectStandardError = true, UseShellExecute = false })!;
        var report = await lint.StandardError.ReadToEndAsync(FeedFixture.Stop);
        await lint.WaitForExitAsync(FeedFixture.Stop);
        File.Delete(file);
        Assert.True(lint.ExitCode == 0, report);
    }

    private static SchemaRevision Schema(string name) =>
        CoupaRelease.TryParse(name, out var release) ? BuiltInCatalogue.Build(release) : TestTables.Schema;
}
