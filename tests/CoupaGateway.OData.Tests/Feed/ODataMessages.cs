using Microsoft.OData;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;

namespace CoupaGateway.OData.Tests.Feed;

/// <summary>The strict reader of Microsoft.OData.Core, against the model that <c>$metadata</c> gives.</summary>
internal static class ODataMessages
{
    public static async Task<IEdmModel> ModelAsync(FeedFixture feed)
    {
        using var metadata = await feed.GetAsync("$metadata");
        using var xml = System.Xml.XmlReader.Create(await metadata.Content.ReadAsStreamAsync(FeedFixture.Stop));
        return CsdlReader.Parse(xml);
    }

    public static async Task<ODataMessageReader> ReaderAsync(FeedFixture feed, HttpResponseMessage response, IEdmModel? model = null) =>
        Reader(feed, response, await response.Content.ReadAsStreamAsync(FeedFixture.Stop), model ?? await ModelAsync(feed));

    /// <param name="body">The body of the response, uncompressed.</param>
    public static ODataMessageReader Reader(FeedFixture feed, HttpResponseMessage response, Stream body, IEdmModel model)
    {
        var settings = new ODataMessageReaderSettings(response.Headers.GetValues("OData-Version").Single() == "4.01" ? ODataVersion.V401 : ODataVersion.V4)
        {
            BaseUri = new Uri(feed.Root + "/"),
            Validations = ValidationKinds.All & ~ValidationKinds.ThrowOnUndeclaredPropertyForNonOpenType,
            MaxProtocolVersion = ODataVersion.V401,
            ShouldIncludeAnnotation = static _ => true,
        };
        return new ODataMessageReader(new Message(response, body), settings, model);
    }

    private sealed class Message(HttpResponseMessage response, Stream body) : IODataResponseMessageAsync
    {
        public IEnumerable<KeyValuePair<string, string>> Headers =>
            response.Headers.Concat<KeyValuePair<string, IEnumerable<string>>>(response.Content.Headers).Select(static header => KeyValuePair.Create(header.Key, string.Join(',', header.Value)));

        public int StatusCode { get => (int)response.StatusCode; set => throw new NotSupportedException(); }

        public string GetHeader(string headerName) => Headers.FirstOrDefault(header => header.Key.Equals(headerName, StringComparison.OrdinalIgnoreCase)).Value;

        public void SetHeader(string headerName, string headerValue) => throw new NotSupportedException();

        public Stream GetStream() => body;

        public Task<Stream> GetStreamAsync() => Task.FromResult(body);
    }
}
