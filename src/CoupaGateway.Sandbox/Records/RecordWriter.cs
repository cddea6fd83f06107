using System.Text.Json;
using CoupaGateway.Sandbox.Catalog;
using CoupaGateway.Sandbox.Tenants;
using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Records;

/// <summary>Writes generated objects as Coupa's JSON: hyphenated keys, decimals as strings, times with the instance's offset.</summary>
internal sealed class RecordWriter(Tenant tenant, CustomFields custom, TimeSpan utcOffset, string? canary = null)
{
    private readonly long _offsetSeconds = (long)utcOffset.TotalSeconds;
    private readonly WrittenObjects _written = new(custom);

    public void Write(Utf8JsonWriter writer, Node node, Projection projection)
    {
        writer.WriteStartObject();
        foreach (var item in projection.Items)
            WriteField(writer, node, item, projection);
        WriteRootCustomFields(writer, node, projection);
        writer.WriteEndObject();
    }

    public void WriteField(Utf8JsonWriter writer, Node node, ProjectionItem item, Projection projection)
    {
        var field = item.Field;
        switch (field.Kind)
        {
            case FieldKind.Object when field.Class is null:
                WriteCustomFields(writer, node, projection);
                break;
            case FieldKind.Object:
                writer.WritePropertyName(field.Encoded);
                WriteObject(writer, tenant.ObjectOf(node, field), item.Inner!);
                break;
            case FieldKind.Array:
                writer.WritePropertyName(field.Encoded);
                WriteArray(writer, tenant.ArrayOf(node, field), item.Inner!);
                break;
            case FieldKind.Change:
                WriteChange(writer, node, item);
                break;
            default:
                WriteScalar(
                    writer, field.Encoded, Marked(field.IsPersonal, tenant.ScalarOf(node, field)), field.Kind == FieldKind.Decimal && DecimalsAreNumbers(field));
                break;
        }
    }

    public void WriteRootCustomFields(Utf8JsonWriter writer, Node node, Projection projection)
    {
        foreach (var field in custom.Of(node.Class, atRoot: true))
        {
            if (projection.RootCustomFields is { } names && !names.Contains(field.Name))
                continue;
            WriteCustom(writer, node, field);
        }
    }

    public void WriteScalar(Utf8JsonWriter writer, JsonEncodedText name, in Scalar value, bool decimalAsNumber = false)
    {
        if (value.Kind == ScalarKind.Absent)
            return;
        writer.WritePropertyName(name);
        WriteValue(writer, value, decimalAsNumber);
    }

    public void WriteValue(Utf8JsonWriter writer, in Scalar value, bool decimalAsNumber = false)
    {
        Span<byte> buffer = stackalloc byte[40];
        switch (value.Kind)
        {
            case ScalarKind.String: writer.WriteStringValue(value.Text); break;
            case ScalarKind.Integer: writer.WriteNumberValue(value.Number); break;
            case ScalarKind.Boolean: writer.WriteBooleanValue(value.Number == 1); break;
            case ScalarKind.Decimal when decimalAsNumber: writer.WriteNumberValue(value.AsDecimal()); break;
            case ScalarKind.Decimal: writer.WriteStringValue(buffer[..ValueFormat.Decimal(buffer, value)]); break;
            case ScalarKind.Instant: writer.WriteStringValue(buffer[..ValueFormat.Instant(buffer, value.Number, _offsetSeconds)]); break;
            case ScalarKind.Day: writer.WriteStringValue(buffer[..ValueFormat.Day(buffer, value.Number)]); break;
            default: writer.WriteNullValue(); break;
        }
    }

    private Scalar Marked(bool isPersonal, in Scalar value) =>
        isPersonal && canary is not null && value.Kind == ScalarKind.String ? Scalar.String(canary + value.Text) : value;

    // Decimals are strings, but now and then a number: readers must take both.
    private static bool DecimalsAreNumbers(ApiField field) => field.Name is "exchange-rate" or "savings-pct";

    private static JsonEncodedText From { get; } = JsonEncodedText.Encode("from");

    private static JsonEncodedText To { get; } = JsonEncodedText.Encode("to");

    private void WriteObject(Utf8JsonWriter writer, Node? node, Projection projection)
    {
        if (node is null)
            writer.WriteNullValue();
        else if (node.IsShared)
            writer.WriteRawValue(_written.Get(node, projection, this), skipInputValidation: true);
        else
            Write(writer, node, projection);
    }

    private void WriteArray(Utf8JsonWriter writer, IReadOnlyList<Node> nodes, Projection projection)
    {
        writer.WriteStartArray();
        foreach (var node in nodes)
            WriteObject(writer, node, projection);
        writer.WriteEndArray();
    }

    private void WriteCustomFields(Utf8JsonWriter writer, Node node, Projection projection)
    {
        writer.WriteStartObject("custom-fields"u8);
        foreach (var field in custom.Of(node.Class, atRoot: false))
        {
            if (projection.CustomFields is null || projection.CustomFields.Contains(field.Name))
                WriteCustom(writer, node, field);
        }

        writer.WriteEndObject();
    }

    private void WriteCustom(Utf8JsonWriter writer, Node node, CustomField field)
    {
        var value = Marked(isPersonal: true, CustomFields.ValueOf(node, field));
        if (field.Kind != FieldKind.Object || !value.HasValue)
        {
            WriteScalar(writer, field.Encoded, value);
            return;
        }

        writer.WriteStartObject(field.Encoded);
        writer.WriteNumber("id"u8, value.Number);
        writer.WriteString("name"u8, $"Project {value.Number}");
        writer.WriteString("external-ref-code"u8, $"PRJ{value.Number:0000}");
        writer.WriteEndObject();
    }

    // Only what changed is there; the status and the total nearly always, anything else one time in twelve.
    private void WriteChange(Utf8JsonWriter writer, Node node, ProjectionItem item)
    {
        var field = item.Field;
        var hash = Hashing.Mix(node.Seed, field.Hash);
        var first = node.Facts is RevisionFacts { Number: 0 };
        if (field.Name is not ("status" or "total") && hash % 12 != 0)
            return;
        writer.WriteStartObject(field.Encoded);
        writer.WritePropertyName(From);
        if (first)
            writer.WriteNullValue();
        else
            WriteSide(writer, node, item, Hashing.Mix(hash, 1));
        writer.WritePropertyName(To);
        WriteSide(writer, node, item, Hashing.Mix(hash, 2));
        writer.WriteEndObject();
    }

    private void WriteSide(Utf8JsonWriter writer, Node node, ProjectionItem item, ulong hash)
    {
        var field = item.Field;
        switch (field.ChangeOf)
        {
            case FieldKind.Object when field.Class is null:
                writer.WriteStartObject();
                writer.WriteString("cost-center-owner"u8, Words.Pick(Words.Common, hash));
                writer.WriteEndObject();
                break;
            case FieldKind.Object:
                WriteObject(writer, tenant.RelatedTo(node, field.Class!, hash), item.Inner!);
                break;
            case FieldKind.Array:
                writer.WriteStartArray();
                WriteObject(writer, tenant.RelatedTo(node, field.Class!, hash), item.Inner!);
                writer.WriteEndArray();
                break;
            default:
                WriteValue(writer, Marked(field.IsPersonal, ValueMaker.Value(node, field, field.ChangeOf, hash)));
                break;
        }
    }
}
