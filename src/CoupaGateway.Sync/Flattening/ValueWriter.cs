using System.Buffers;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Flattening.Values;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Sync.Flattening;

/// <summary>Writes scalars into columns. What does not fit its column is left out and counted.</summary>
internal sealed class ValueWriter(FamilyRows rows, FindingsTally tally)
{
    private readonly ArrayBufferWriter<byte> _repaired = new();
    private byte[] _scratch = new byte[4_096];

    /// <summary>The page at hand is UTF-8 throughout, so that its texts need no look.</summary>
    public bool PageIsText { get; set; }

    /// <summary>Takes a scalar and writes it into all columns of a field.</summary>
    public void Write(ref JsonCursor json, FieldPlan field, int row)
    {
        var text = json.ReadScalar(out var isString, out var isEscaped);
        if (isString && (isEscaped || !PageIsText))
            text = Clean(text, isEscaped);

        foreach (var target in field.Columns)
            Write(target, row, text);
    }

    private void Write(ColumnTarget target, int row, ReadOnlySpan<byte> text)
    {
        if (target.Filter is not null)
        {
            // The only door that values of such columns pass: what is in clear ends here.
            var outcome = target.Filter.Apply(text, out text);
            if (outcome == ValueOutcome.Bad)
                tally.AddBadValue(target.Table, target.Column);
            if (outcome != ValueOutcome.Stored)
                return;
        }

        var table = rows[target.Table];
        if (target.Type == ColumnType.String)
        {
            table.SetText(target.Column, row, text);
            return;
        }

        if (text.Length == 0)
            return;

        // A number or a truth value is no date, and a truth value is no number: their texts fail to parse.
        switch (target.Type)
        {
            case ColumnType.Int64 when DecimalText.TryParseInt64(text, out var whole):
                table.SetInt64(target.Column, row, whole);
                return;
            case ColumnType.Decimal when DecimalText.TryParse(text, out var scaled):
                table.SetDecimal(target.Column, row, scaled);
                return;
            case ColumnType.Boolean when BooleanText.TryParse(text, out var truth):
                table.SetBoolean(target.Column, row, truth);
                return;
            case ColumnType.DateTime when InstantText.TryParse(text, out var microseconds):
                table.SetInstant(target.Column, row, microseconds);
                return;
            case ColumnType.Date when InstantText.TryParseDate(text, out var days):
                table.SetDate(target.Column, row, days);
                return;
            default:
                // An element without a usable id is counted where it gets another key.
                if (!target.IsElementKey)
                    tally.AddBadValue(target.Table, target.Column);
                return;
        }
    }

    /// <summary>The text of a string without its escapes, and without what is no text.</summary>
    private ReadOnlySpan<byte> Clean(ReadOnlySpan<byte> text, bool isEscaped)
    {
        if (isEscaped)
        {
            if (_scratch.Length < text.Length)
                _scratch = new byte[text.Length * 2];

            var length = JsonText.Unescape(text, _scratch, out var repaired);
            text = _scratch.AsSpan(0, length);
            if (repaired)
                tally.AddRepairedText();
        }

        if (PageIsText || !JsonText.Repair(text, _repaired))
            return text;

        tally.AddRepairedText();
        return _repaired.WrittenSpan;
    }
}
