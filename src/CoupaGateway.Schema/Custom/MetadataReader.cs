using System.Text.Json;

namespace CoupaGateway.Schema.Custom;

/// <summary>
/// Reads custom metadata: on the outside the form that users of process-mining connectors know, on the inside ours. It is read leniently, and all findings are told at
/// once. What the names mean in a schema is the matter of <see cref="MetadataComposer"/>.
/// </summary>
/// <remarks>
/// <code>
/// { "version": "R27",
///   "metadataSources": [ { "url": "expense_reports", "targetResources": ["expense_reports"] } ],
///   "resources": [ { "displayName": "expense_reports", "availableSince": "R21", "columns": […], "nestedFields": […], "nestedArrays": […] } ] }
/// </code>
/// </remarks>
public static class MetadataReader
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MetadataLimits.JsonDepth };

    /// <param name="utf8">The document; its length is the caller's to bound (<see cref="MetadataLimits.Bytes"/>).</param>
    public static MetadataReading Read(ReadOnlyMemory<byte> utf8)
    {
        var findings = new FindingList();
        if (utf8.Span.StartsWith("\uFEFF"u8))
            utf8 = utf8[3..];

        try
        {
            using var json = JsonDocument.Parse(utf8, Lenient);
            return new MetadataReading(ReadDocument(json.RootElement, findings), findings.ToImmutable());
        }
        catch (JsonException failure)
        {
            if (IsOnlyTooDeep(utf8.Span))
                findings.Error("", MetadataCodes.TooDeep, $"The document is nested more than {MetadataLimits.JsonDepth} levels deep.", "Nest fewer tables into each other.");
            else
                findings.Error("", MetadataCodes.NotJson, $"Line {failure.LineNumber + 1}, byte {failure.BytePositionInLine + 1}: this is no JSON.", "Look for a missing comma, quote or bracket there.");
            return new MetadataReading(MetadataDocument.Empty, findings.ToImmutable());
        }
        catch (InvalidOperationException)
        {
            // JsonElement tells of half a surrogate pair so, and only when the text is asked for.
            findings.Error("", MetadataCodes.NotJson, "A text holds half a character.", "Write the document as UTF-8, or both halves of the escape.");
            return new MetadataReading(MetadataDocument.Empty, findings.ToImmutable());
        }
    }

    private static bool IsOnlyTooDeep(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip, MaxDepth = MetadataLimits.Bytes });
        try
        {
            while (reader.Read())
            {
                // To the end.
            }

            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static MetadataDocument ReadDocument(JsonElement root, FindingList findings)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            findings.Error("", MetadataCodes.WrongType, "The document is no object.", "Begin it with { and put metadataSources and resources into it.");
            return MetadataDocument.Empty;
        }

        var members = new Members(root, "", findings);
        var version = members.TakeText("version", "apiVersion");
        if (version is not null && !CoupaRelease.TryParse(version, out _))
            findings.Warn("/version", MetadataCodes.UnknownRelease, $"'{JsonNames.Shown(version)}' is no known release.", $"Give {CoupaRelease.Oldest} to {CoupaRelease.Newest}. It is only a remark: the connection's API version counts.");

        var content = new ContentReader(findings);
        var resources = members.TakeArray("resources", "tables").Select(item => content.ReadResource(item.Value, item.Pointer)).OfType<CustomResource>().ToArray();
        var sources = SourceReader.Read(members, resources, findings);
        members.Finish("version, metadataSources and resources");
        return new MetadataDocument
        {
            Version = version,
            Resources = [.. resources.Select(resource => sources.TryGetValue(resource.DisplayName, out var url) ? resource with { Url = url } : resource)],
        };
    }
}
