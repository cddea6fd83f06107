using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using CoupaGateway.OData.Tests.Feed;
using Microsoft.OData.Edm;

namespace CoupaGateway.OData.Tests.Corpus;

/// <summary>Whether an answer is a result or an error of OData, whole and well-formed.</summary>
/// <param name="model">The model that <c>$metadata</c> gives.</param>
internal sealed class AnswerCheck(FeedFixture feed, IEdmModel model)
{
    /// <summary>What is wrong with the answer; null when nothing is.</summary>
    public async Task<string?> FindFaultAsync(CorpusRequest request, HttpResponseMessage response, byte[] sent)
    {
        var status = (int)response.StatusCode;
        if (status is >= 500 and not 501)
            return $"the status {status}";
        if (IsRefusedByServer(response, sent))
            return null;
        if (!response.Headers.TryGetValues("OData-Version", out var versions) || versions.Count() != 1)
            return $"no OData-Version, or more than one, with the status {status}";
        if (request.Method == "HEAD" || status is 204 or 304)
            return sent.Length == 0 ? null : "a body where none may be";

        var body = Decompress(response.Content.Headers.ContentEncoding.SingleOrDefault(), sent);
        if (status >= 400)
            return FaultOfError(response.Content.Headers.ContentType, body);

        return await FaultOfResultAsync(request, response, body);
    }

    /// <summary>Kestrel itself refuses what is no HTTP, before the feed sees it.</summary>
    public static bool IsRefusedByServer(HttpResponseMessage response, byte[] sent) =>
        (int)response.StatusCode is 400 or 414 or 431 && sent.Length == 0 && response.Headers.ConnectionClose == true && !response.Headers.Contains("OData-Version");

    private static string? FaultOfError(MediaTypeHeaderValue? type, byte[] body)
    {
        if (type?.MediaType != "application/json")
            return $"an error of the type {type}";

        using var document = JsonDocument.Parse(body);
        var error = document.RootElement.GetProperty("error");
        var text = error.GetRawText();
        if (string.IsNullOrEmpty(error.GetProperty("code").GetString()) || string.IsNullOrEmpty(error.GetProperty("message").GetString()))
            return $"an error without a code or a message: {text}";
        return text.Contains("   at ", StringComparison.Ordinal) || text.Contains("read_parquet([", StringComparison.Ordinal) ? $"an error that tells of the inside: {text}" : null;
    }

    private async Task<string?> FaultOfResultAsync(CorpusRequest request, HttpResponseMessage response, byte[] body)
    {
        var type = response.Content.Headers.ContentType;
        switch (type?.MediaType)
        {
            case "application/json":
                return await FaultOfJsonAsync(request, response, type, body);
            case "application/xml":
                _ = XDocument.Load(new MemoryStream(body));
                return null;
            case "text/plain":
                return null;
            case "text/csv":
                return FaultOfCsv(Encoding.UTF8.GetString(body));
            case "multipart/mixed":
                return FaultOfMultipart(Encoding.Latin1.GetString(body), type.Parameters.Single(static parameter => parameter.Name == "boundary").Value!.Trim('"'));
            case "application/vnd.apache.parquet":
                return body.AsSpan().StartsWith("PAR1"u8) && body.AsSpan().EndsWith("PAR1"u8) ? null : "a Parquet file without its ends";
            case "application/vnd.apache.arrow.stream":
                return body.AsSpan().EndsWith((ReadOnlySpan<byte>)[0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0]) ? null : "an Arrow stream without its end";
            default:
                return $"a result of the type {type}";
        }
    }

    /// <summary>Rows are read as a client reads them; what has no context to be read by has to be well-formed at least.</summary>
    private async Task<string?> FaultOfJsonAsync(CorpusRequest request, HttpResponseMessage response, MediaTypeHeaderValue type, byte[] body)
    {
        using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 512 });
        var root = document.RootElement;
        if (root.TryGetProperty("responses", out var parts))
            return parts.EnumerateArray().Select(part => FaultOfPart(request, part)).FirstOrDefault(static fault => fault is not null);
        if (!type.Parameters.Any(static parameter => parameter.Name == "odata.metadata" && parameter.Value != "none") || !root.TryGetProperty("value", out var value) || value.ValueKind != JsonValueKind.Array)
            return null;

        var context = (root.TryGetProperty("@odata.context", out var old) ? old : root.GetProperty("@context")).GetString()!;
        if (!context.Contains('#', StringComparison.Ordinal) || context.Contains("$delta", StringComparison.Ordinal) || context.EndsWith("Collection($ref)", StringComparison.Ordinal))
            return null;

        using var message = ODataMessages.Reader(feed, response, new MemoryStream(body), model);
        var reader = await message.CreateODataResourceSetReaderAsync();
        while (await reader.ReadAsync())
        {
            // Reading is the check.
        }

        return null;
    }

    /// <summary>Only what answers a HEAD has no body.</summary>
    private static string? FaultOfPart(CorpusRequest request, JsonElement part)
    {
        var status = part.GetProperty("status").GetInt32();
        if (status is >= 500 and not 501)
            return $"a part with the status {status}";

        var isError = part.TryGetProperty("body", out var body) ? body.ValueKind == JsonValueKind.Object && body.TryGetProperty("error", out var error) && error.TryGetProperty("message", out _) : request.Body!.Contains("HEAD", StringComparison.OrdinalIgnoreCase);
        return status >= 400 && !isError ? "a part with an error that is none" : null;
    }

    private static string? FaultOfMultipart(string body, string boundary)
    {
        if (!body.TrimEnd().EndsWith($"--{boundary}--", StringComparison.Ordinal))
            return "a batch without its end";

        foreach (var part in body.Split($"--{boundary}\r\n").Skip(1))
        {
            var line = part.Split("\r\n\r\n", 2)[^1].Split("\r\n", 2)[0].Split(' ');
            if (line is not ["HTTP/1.1", var status, ..] || (status[0] == '5' && status != "501"))
                return $"a part that begins with {string.Join(' ', line)}";
        }

        return null;
    }

    /// <summary>Every record has as many fields as the first.</summary>
    private static string? FaultOfCsv(string text)
    {
        var (quoted, fields, expected) = (false, 1, 0);
        foreach (var character in text)
        {
            if (character == '"')
                quoted = !quoted;
            else if (!quoted && character == ',')
                fields++;
            else if (!quoted && character == '\n')
            {
                if (expected != 0 && expected != fields)
                    return $"a record of {fields} fields, not {expected}";
                (expected, fields) = (fields, 1);
            }
        }

        return quoted || fields != 1 ? "a CSV file that ends inside a record" : null;
    }

    private static byte[] Decompress(string? encoding, byte[] body)
    {
        if (encoding is null)
            return body;

        using var whole = new MemoryStream();
        using Stream stream = encoding switch
        {
            "gzip" => new GZipStream(new MemoryStream(body), CompressionMode.Decompress),
            "br" => new BrotliStream(new MemoryStream(body), CompressionMode.Decompress),
            _ => throw new InvalidDataException($"The encoding {encoding}."),
        };
        stream.CopyTo(whole);
        return whole.ToArray();
    }
}
