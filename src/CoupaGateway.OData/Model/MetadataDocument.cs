using System.Text;
using System.Text.Json;
using System.Xml;
using CoupaGateway.OData.Formats;
using Microsoft.OData.Edm;
using Microsoft.OData.Edm.Csdl;
using Microsoft.OData.Edm.Validation;

namespace CoupaGateway.OData.Model;

/// <summary>Writes <c>$metadata</c> documents.</summary>
internal static class MetadataDocument
{
    public static ReadOnlyMemory<byte> Xml(IEdmModel model)
    {
        var buffer = new MemoryStream();
        using (var writer = XmlWriter.Create(buffer, new XmlWriterSettings { Encoding = new UTF8Encoding(false), CloseOutput = false }))
        {
            Check(CsdlWriter.TryWriteCsdl(model, writer, CsdlTarget.OData, out var errors), errors);
        }

        return buffer.ToArray();
    }

    public static ReadOnlyMemory<byte> Json(IEdmModel model)
    {
        var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, FeedJson.Writer))
        {
            Check(CsdlWriter.TryWriteCsdl(model, writer, out var errors), errors);
        }

        return buffer.ToArray();
    }

    private static void Check(bool written, IEnumerable<EdmError> errors)
    {
        if (!written)
            throw new InvalidOperationException($"The schema cannot be written as CSDL: {string.Join("; ", errors.Select(static error => error.ErrorMessage))}");
    }
}
