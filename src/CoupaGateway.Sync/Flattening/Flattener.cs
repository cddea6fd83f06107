using System.Buffers;
using System.Text.Json;
using System.Text.Unicode;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Sync.Flattening.Values;
using CoupaGateway.Sync.Pseudonyms;

namespace CoupaGateway.Sync.Flattening;

/// <summary>
/// Turns pages of JSON records into rows, in one pass over the bytes, parent and nested rows together. It learns the order of the keys as it
/// goes, so one flattener serves one run of one family, one page at a time.
/// </summary>
/// <remarks>
/// Rules: of a key that comes twice in an object, the last counts (<c>-</c> and <c>_</c> are one). A value that does not fit its column is
/// null and counted; an empty text is null in every column but a text. A nested field may hold an array of objects, one object, or null. An
/// element without a usable id gets the key -(1 + its position). Of elements with one id under one parent, and of records with one key, the
/// first counts. Fields that no column takes are skipped.
/// </remarks>
internal sealed class Flattener : IDisposable
{
    // A record may hold anything in a field that we skip; skipping does not recurse, so deep nesting costs a bit per level only.
    private static readonly JsonReaderOptions ReaderOptions = new() { MaxDepth = 1 << 20 };

    private const int SiblingsToScan = 16;

    private readonly FlattenPlan _plan;
    private readonly RowBuffer[] _rows;
    private readonly KeyTable[] _keys;
    private readonly long[] _seen;
    private readonly int[][] _starts;
    private readonly int[] _pageStarts;
    private readonly FindingsTally _tally;
    private readonly KeySet _known = new();
    private readonly List<long> _pageKeys = [];
    private readonly SiblingKeys?[] _siblings;
    private readonly ArrayBufferWriter<byte> _repaired = new();
    private byte[] _scratch = new byte[4_096];
    private long _object;
    private long _records;
    private bool _pageIsText;

    /// <param name="changedAt">What every row gets as <c>_changed_at</c>.</param>
    public Flattener(FlattenPlan plan, DateTimeOffset changedAt)
    {
        _plan = plan;
        _tally = new FindingsTally(plan);
        _seen = new long[plan.Fields];
        _rows = new RowBuffer[plan.Tables.Count];
        _starts = new int[plan.Tables.Count][];
        _pageStarts = new int[plan.Tables.Count];
        _keys = new KeyTable[plan.Objects];
        _siblings = new SiblingKeys?[plan.Tables.Count];
        var instant = (changedAt.UtcTicks - DateTimeOffset.UnixEpoch.Ticks) / TimeSpan.TicksPerMicrosecond;
        foreach (var table in plan.Tables)
        {
            var rows = _rows[table.Index] = new RowBuffer(table.Schema);
            _starts[table.Index] = new int[table.Below.Length];
            if (table.ChangedAtColumn >= 0)
                rows.SetConstant(table.ChangedAtColumn, instant);

            if (table is { IsApiTable: true, PositionColumn: >= 0 })
                rows.SetConstant(table.PositionColumn, 0);

            AddKeys(table.Element);
        }
    }

    /// <summary>The rows so far, by table in the order of the plan. Whoever takes them clears the buffer.</summary>
    public IReadOnlyList<RowBuffer> Rows => _rows;

    public FlattenFindings Findings => _tally.ToFindings();

    /// <summary>Values so far that did not fit their column.</summary>
    public long BadValueCount => _tally.BadValueCount;

    /// <summary>Records with these keys count as read.</summary>
    public void Remember(IEnumerable<long> keys)
    {
        foreach (var key in keys)
            _known.Add(key);
    }

    /// <summary>Adds the records of a page, a UTF-8 JSON array.</summary>
    /// <exception cref="MalformedPageException">It is something else. Nothing was added; the page may be read and tried again.</exception>
    public PageResult Add(ReadOnlySpan<byte> page)
    {
        for (var i = 0; i < _rows.Length; i++)
            _pageStarts[i] = _rows[i].Rows;

        _pageKeys.Clear();
        var recordsBefore = _records;
        try
        {
            var result = Read(page);
            _tally.EndPage();
            return result;
        }
        catch (Exception failure)
        {
            for (var i = 0; i < _rows.Length; i++)
                _rows[i].Truncate(_pageStarts[i]);

            _pageKeys.ForEach(_known.Remove);
            _records = recordsBefore;
            _tally.DropPage();
            if (failure is JsonException json)
                throw new MalformedPageException(_plan.Tables[0].Schema.Name, $"line {json.LineNumber}, byte {json.BytePositionInLine} is no JSON");

            throw;
        }
    }

    public void Dispose() => Array.ForEach(_rows, static rows => rows.Dispose());

    private void AddKeys(ObjectPlan plan)
    {
        _keys[plan.Index] = new KeyTable(plan);
        foreach (var field in plan.Fields.Values)
        {
            if (field.Object is not null)
                AddKeys(field.Object);
        }
    }

    private PageResult Read(ReadOnlySpan<byte> page)
    {
        if (page.StartsWith("\uFEFF"u8))
            page = page[3..];

        _pageIsText = Utf8.IsValid(page);
        var reader = new Utf8JsonReader(page, ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
            throw new MalformedPageException(_plan.Tables[0].Schema.Name, "it starts with something else");

        var records = 0;
        var stored = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            records++;
            if (ReadRecord(ref reader))
                stored++;

            _records++;
        }

        // Reads the end of the page: what follows the array is no JSON, and the reader says so.
        reader.Read();
        return new PageResult(records, stored);
    }

    private bool ReadRecord(ref Utf8JsonReader reader)
    {
        var table = _plan.Tables[0];
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            _tally.EndUnusableRecord(_records);
            return false;
        }

        var row = BeginRow(table);
        ReadObject(ref reader, table.Element, row);
        if (table.KeyColumn < 0 || _rows[0].IsNull(table.KeyColumn, row))
        {
            DropRow(table, row);
            _tally.EndUnusableRecord(_records);
            return false;
        }

        var key = _rows[0].GetInt64(table.KeyColumn, row);
        if (!_known.Add(key))
        {
            DropRow(table, row);
            _tally.EndDuplicateRecord();
            return false;
        }

        _pageKeys.Add(key);
        RepeatKey(table, key);
        _tally.EndRecord(key);
        return true;
    }

    private int BeginRow(TablePlan table)
    {
        var starts = _starts[table.Index];
        for (var i = 0; i < starts.Length; i++)
            starts[i] = _rows[table.Below[i].Table].Rows;

        return _rows[table.Index].AddRow();
    }

    /// <summary>Takes back the newest row of a table, with everything below it.</summary>
    private void DropRow(TablePlan table, int row)
    {
        _rows[table.Index].Truncate(row);
        var starts = _starts[table.Index];
        for (var i = 0; i < starts.Length; i++)
            _rows[table.Below[i].Table].Truncate(starts[i]);
    }

    /// <summary>Writes the key of a finished row into the rows below it. A key may follow the nested elements, so this comes last.</summary>
    private void RepeatKey(TablePlan table, long key)
    {
        var starts = _starts[table.Index];
        for (var i = 0; i < starts.Length; i++)
        {
            var (below, column) = table.Below[i];
            if (column < 0)
                continue;

            var rows = _rows[below];
            for (var row = starts[i]; row < rows.Rows; row++)
                rows.SetInt64(column, row, key);
        }
    }

    private void ReadObject(ref Utf8JsonReader reader, ObjectPlan plan, int row)
    {
        var keys = _keys[plan.Index];
        var spelling = keys.Start;
        var number = ++_object;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            spelling = keys.Find(spelling, reader.ValueSpan);
            reader.Read();
            if (spelling.Field is not { } field)
            {
                reader.Skip();
                continue;
            }

            if (_seen[field.Index] == number)
                Forget(field, row);

            _seen[field.Index] = number;
            ReadField(ref reader, field, row);
        }
    }

    private void ReadField(ref Utf8JsonReader reader, FieldPlan field, int row)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return;
            case JsonTokenType.StartObject when field.Object is not null || field.Tables.Count > 0:
                ReadObjectField(ref reader, field, row);
                return;
            case JsonTokenType.StartArray when field.Tables.Count > 0:
                for (var i = 0; i < field.Tables.Count - 1; i++)
                {
                    var again = reader;
                    ReadArray(ref again, field.Tables[i]);
                }

                ReadArray(ref reader, field.Tables[^1]);
                return;
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                AddBadField(field);
                reader.Skip();
                return;
            default:
                if (field.Columns.Count == 0)
                    AddBadField(field);

                foreach (var column in field.Columns)
                    SetValue(ref reader, column, row);
                return;
        }
    }

    /// <summary>Reads an object into columns of this row and, where tables are nested there, into a row of each.</summary>
    private void ReadObjectField(ref Utf8JsonReader reader, FieldPlan field, int row)
    {
        var readers = field.Tables.Count + (field.Object is null ? 0 : 1);
        if (field.Object is not null)
        {
            var again = reader;
            if (--readers > 0)
                ReadObject(ref again, field.Object, row);
            else
                ReadObject(ref reader, field.Object, row);
        }

        foreach (var table in field.Tables)
        {
            var again = reader;
            var siblings = new Siblings(++_object, _rows[table.Index].Rows);
            if (--readers > 0)
                ReadElement(ref again, table, 0, siblings);
            else
                ReadElement(ref reader, table, 0, siblings);
        }
    }

    private void ReadArray(ref Utf8JsonReader reader, TablePlan table)
    {
        var siblings = new Siblings(++_object, _rows[table.Index].Rows);
        for (var position = 0; reader.Read() && reader.TokenType != JsonTokenType.EndArray; position++)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadElement(ref reader, table, position, siblings);
                continue;
            }

            if (reader.TokenType != JsonTokenType.Null)
                _tally.AddBadValue(table.Index, -1);

            reader.Skip();
        }
    }

    private void ReadElement(ref Utf8JsonReader reader, TablePlan table, int position, Siblings siblings)
    {
        var rows = _rows[table.Index];
        var row = BeginRow(table);
        ReadObject(ref reader, table.Element, row);
        if (table.PositionColumn >= 0)
            rows.SetInt64(table.PositionColumn, row, position);

        long key = position;
        if (table.KeyColumn >= 0)
        {
            if (rows.IsNull(table.KeyColumn, row))
                rows.SetInt64(table.KeyColumn, row, -(1L + position));

            key = rows.GetInt64(table.KeyColumn, row);
            if (IsKnownSibling(table, siblings, row, key))
            {
                DropRow(table, row);
                _tally.AddDuplicateElement();
                return;
            }
        }

        RepeatKey(table, key);
    }

    /// <param name="siblings">The elements of this array; their rows lie side by side before <paramref name="row"/>.</param>
    private bool IsKnownSibling(TablePlan table, Siblings siblings, int row, long key)
    {
        var rows = _rows[table.Index];
        if (row - siblings.FirstRow > SiblingsToScan)
        {
            var known = _siblings[table.Index] ??= new SiblingKeys();
            if (known.Array != siblings.Array)
            {
                known.Reset(siblings.Array);
                for (var i = siblings.FirstRow; i < row; i++)
                    known.Add(rows.GetInt64(table.KeyColumn, i));
            }

            return !known.Add(key);
        }

        for (var i = siblings.FirstRow; i < row; i++)
        {
            if (rows.GetInt64(table.KeyColumn, i) == key)
                return true;
        }

        return false;
    }

    /// <summary>Takes back what an earlier value of the same key gave.</summary>
    private void Forget(FieldPlan field, int row)
    {
        foreach (var column in field.Columns)
            _rows[column.Table].SetNull(column.Column, row);

        foreach (var table in field.Tables)
            ForgetElements(table);

        if (field.Object is null)
            return;

        foreach (var inner in field.Object.Fields.Values)
            Forget(inner, row);
    }

    private void ForgetElements(TablePlan table)
    {
        var parent = _plan.Tables.First(candidate => candidate.Schema.Name == table.Schema.Parent);
        for (var i = 0; i < parent.Below.Length; i++)
        {
            var below = parent.Below[i].Table;
            if (below == table.Index || table.Below.Any(target => target.Table == below))
                _rows[below].Truncate(_starts[parent.Index][i]);
        }
    }

    /// <summary>Counts a field that is an object or array where columns want a value, or the other way round.</summary>
    private void AddBadField(FieldPlan field)
    {
        while (field.Columns.Count == 0 && field.Tables.Count == 0)
            field = field.Object!.Fields.Values.First();

        if (field.Columns.Count > 0)
            _tally.AddBadValue(field.Columns[0].Table, field.Columns[0].Column);
        else
            _tally.AddBadValue(field.Tables[0].Index, -1);
    }

    private void SetValue(ref Utf8JsonReader reader, ColumnTarget target, int row)
    {
        var rows = _rows[target.Table];
        var text = Text(ref reader);
        if (target.Filter is not null)
        {
            // The only door that values of such columns pass: what is in clear ends here.
            var outcome = target.Filter.Apply(text, out text);
            if (outcome == ValueOutcome.Bad)
                _tally.AddBadValue(target.Table, target.Column);
            if (outcome != ValueOutcome.Stored)
                return;
        }

        if (target.Type == ColumnType.String)
        {
            rows.SetText(target.Column, row, text);
            return;
        }

        if (text.Length == 0)
            return;

        // A number or a truth value is no date, and a truth value is no number: their texts fail to parse.
        switch (target.Type)
        {
            case ColumnType.Int64 when DecimalText.TryParseInt64(text, out var whole):
                rows.SetInt64(target.Column, row, whole);
                return;
            case ColumnType.Decimal when DecimalText.TryParse(text, out var scaled):
                rows.SetDecimal(target.Column, row, scaled);
                return;
            case ColumnType.Boolean when BooleanText.TryParse(text, out var truth):
                rows.SetBoolean(target.Column, row, truth);
                return;
            case ColumnType.DateTime when InstantText.TryParse(text, out var microseconds):
                rows.SetInstant(target.Column, row, microseconds);
                return;
            case ColumnType.Date when InstantText.TryParseDate(text, out var days):
                rows.SetDate(target.Column, row, days);
                return;
            default:
                _tally.AddBadValue(target.Table, target.Column);
                return;
        }
    }

    /// <summary>The text of a scalar: of a string without its escapes, else as it is written.</summary>
    private ReadOnlySpan<byte> Text(ref Utf8JsonReader reader)
    {
        var text = reader.ValueSpan;
        if (reader.TokenType != JsonTokenType.String || (_pageIsText && !reader.ValueIsEscaped))
            return text;

        if (reader.ValueIsEscaped)
        {
            if (_scratch.Length < text.Length)
                _scratch = new byte[text.Length * 2];

            var length = JsonText.Unescape(text, _scratch, out var repaired);
            text = _scratch.AsSpan(0, length);
            if (repaired)
                _tally.AddRepairedText();
        }

        if (_pageIsText || !JsonText.Repair(text, _repaired))
            return text;

        _tally.AddRepairedText();
        return _repaired.WrittenSpan;
    }
}
