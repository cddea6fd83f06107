using System.Text.Json;
using System.Xml;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;

namespace CoupaGateway.OData.Tests.Feed;

public sealed class MetadataTests(FeedFixture feed) : IClassFixture<FeedFixture>
{
    [Fact]
    public async Task Xml_is_the_default_and_describes_every_table()
    {
        using var response = await feed.GetAsync("$metadata");
        Assert.Equal("application/xml", response.Content.Headers.ContentType!.ToString());
        var text = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.Contains("<edmx:Edmx Version=\"4.0\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Edm.Untyped", text, StringComparison.Ordinal);
        using var xml = XmlReader.Create(new StringReader(text));
        var model = CsdlReader.Parse(xml);
        Assert.Equal(4 + Schema.SystemTables.All.Length, model.EntityContainer.EntitySets().Count());
        var line = (IEdmEntityType)model.FindDeclaredType("Coupa.invoice_lines");
        Assert.Equal(["invoices_id", "id"], line.Key().Select(static key => key.Name));
        Assert.All(line.Key(), static key => Assert.False(key.Type.IsNullable));
        var up = line.NavigationProperties().Single();
        Assert.Equal(("invoices", "invoice_lines"), (up.Name, up.Partner.Name));
        Assert.Equal(["invoices_id"], up.DependentProperties().Select(static property => property.Name));
        Assert.Equal("suppliers", model.FindDeclaredEntitySet("suppliers").Name);
        Assert.IsAssignableFrom<IEdmEntitySet>(model.FindDeclaredEntitySet("invoice_lines").FindNavigationTarget(up));
    }

    [Fact]
    public async Task Annotations_say_what_works_and_what_does_not()
    {
        using var response = await feed.GetAsync("$metadata");
        var text = await response.Content.ReadAsStringAsync(FeedFixture.Stop);
        Assert.Contains("Capabilities.AsynchronousRequestsSupported\" Bool=\"true\"", text, StringComparison.Ordinal);
        Assert.Contains("<PropertyValue Property=\"Expandable\" Bool=\"true\" /><PropertyValue Property=\"MaxLevels\" Int=\"5\" />", text, StringComparison.Ordinal);
        Assert.Contains("<PropertyValue Property=\"Expandable\" Bool=\"false\"", text, StringComparison.Ordinal); // a table with nothing nested in it
        Assert.Contains("<PropertyValue Property=\"Value\" String=\"approved\"", text, StringComparison.Ordinal);
        Assert.Contains("Aggregation.ApplySupported\"", text, StringComparison.Ordinal);
        Assert.Contains("Capabilities.ComputeSupported\" Bool=\"true\"", text, StringComparison.Ordinal);
        Assert.Contains("Total with &lt;tax&gt; &amp; charges.", text, StringComparison.Ordinal);
        Assert.Equal(4, text.Split("Core.Computed\" Bool=\"true\"").Length);
    }

    [Theory]
    [InlineData("$metadata?$format=json", "*/*")]
    [InlineData("$metadata", "application/json")]
    public async Task Json_is_given_on_request(string path, string accept)
    {
        var document = await feed.JsonAsync(path, ("Accept", accept));
        Assert.Equal("Coupa.Container", document.GetProperty("$EntityContainer").GetString());
        Assert.Equal(JsonValueKind.Object, document.GetProperty("Coupa").GetProperty("invoices").ValueKind);
    }

    [Fact]
    public async Task An_unchanged_document_is_not_sent_again()
    {
        using var first = await feed.GetAsync("$metadata");
        var etag = first.Headers.ETag!.ToString();
        using var second = await feed.GetAsync("$metadata", ("If-None-Match", $"\"other\", {etag}"));
        Assert.Equal(304, (int)second.StatusCode);
        using var json = await feed.GetAsync("$metadata?$format=json", ("If-None-Match", etag));
        Assert.Equal(200, (int)json.StatusCode);
    }
}
