using System.Text.Encodings.Web;
using System.Text.Json;

namespace CoupaGateway.OData.Formats;

/// <summary>How the feed writes JSON that is no row: what needs no escape has none, since clients and people read it, and no page takes it in.</summary>
internal static class FeedJson
{
    public static JsonWriterOptions Writer { get; } = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
}
