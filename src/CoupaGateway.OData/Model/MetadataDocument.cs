using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Xml;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Validation;

namespace CoupaGateway.OData.Model;

/// <summary>A <c>$metadata</c> document in one format: its bytes and the ETag that names them.</summary>
/// <param name="ETag">Strong entity tag, with its quotes.</param>
internal sealed record MetadataDocument(ReadOnlyMemory<byte> Content, string ETag)
{
    public static MetadataDocument Xml(IEdmModel model, string fingerprint)
    {
        var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false), CloseOutput = false }))
        {
            Check(CsdlWriter.TryWriteCsdl(model, writer, CsdlTarget.OData, out var errors), errors);
        }

        return new(buffer.ToArray(), $"\"{fingerprint}-x\"");
    }

    public static MetadataDocument Json(IEdmModel model, string fingerprint)
    {
        var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            Check(CsdlWriter.TryWriteCsdl(model, writer, out var errors), errors);
        }

        return new(buffer.ToArray(), $"\"{fingerprint}-j\"");
    }

    private static void Check(bool written, IEnumerable<EdmError> errors)
    {
        if (!written)
            throw new InvalidOperationException($"The schema cannot be written as CSDL: {string.Join("; ", errors.Select(static error => error.ErrorMessage))}");
    }
}
