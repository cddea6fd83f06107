using System.Text.Json;
using System.Text.Unicode;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Sync.Observing;

namespace CoupaGateway.Sync.Flattening;

/// <summary>
/// Turns pages of JSON records into rows, in one pass over the bytes, parent and nested rows together. It learns the order of the keys as it
/// goes, so one flattener serves one run of one family, one page at a time.
/// </summary>
/// <remarks>
/// Rules: of a key that comes twice in an object, the last counts (<c>-</c> and <c>_</c> are one). A value that does not fit its column is
/// null and counted; an empty text is null in every column but a text. A nested field may hold an array of objects, one object, or null. An
/// element without a usable id gets the key -(1 + its position) and is counted. Of elements with one id under one parent, and of records with
/// one key, the first counts. Fields that no column takes are skipped.
/// <code>
///   Flattener      a page as a whole: all of it or nothing
///   RecordReader   objects, arrays, keys                     JsonCursor goes through the text, KeyTable knows the keys
///   ValueWriter    scalars into columns                      Values parse them
///   FamilyRows     the rows, and how to take them back
/// </code>
/// </remarks>
internal sealed class Flattener : IDisposable
{
    private readonly FlattenPlan _plan;
    private readonly FamilyRows _rows;
    private readonly FindingsTally _tally;
    private readonly RecordReader _reader;
    private readonly KeySet _known = new();
    private readonly List<long> _pageKeys = [];
    private long _records;

    /// <param name="changedAt">What every row gets as <c>_changed_at</c>.</param>
    /// <param name="observer">Notes keys that no column takes; null for one that nobody asks.</param>
    public Flattener(FlattenPlan plan, DateTimeOffset changedAt, KeyObserver? observer = null)
    {
        _plan = plan;
        _rows = new FamilyRows(plan, changedAt);
        _tally = new FindingsTally(plan);
        _reader = new RecordReader(plan, _rows, _tally, observer ?? new KeyObserver());
    }

    /// <summary>The rows so far, by table in the order of the plan. Whoever takes them clears the buffer.</summary>
    public IReadOnlyList<RowBuffer> Rows => _rows.All;

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
        if (page.StartsWith("\uFEFF"u8))
            page = page[3..];

        _rows.BeginPage();
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
            _rows.DropPage();
            _pageKeys.ForEach(_known.Remove);
            _records = recordsBefore;
            _tally.DropPage();
            if (failure is JsonException)
                throw new MalformedPageException(_plan.Tables[0].Schema.Name, Explain(page));

            throw;
        }
    }

    public void Dispose() => _rows.Dispose();

    /// <summary>Says where a page stops being JSON.</summary>
    private static string Explain(ReadOnlySpan<byte> page)
    {
        var reader = new Utf8JsonReader(page, new JsonReaderOptions { MaxDepth = 1 << 20 });
        try
        {
            while (reader.Read())
            {
                // To the fault.
            }

            return "it is no JSON";
        }
        catch (JsonException failure)
        {
            return $"line {failure.LineNumber}, byte {failure.BytePositionInLine} is no JSON";
        }
    }

    private PageResult Read(ReadOnlySpan<byte> page)
    {
        _reader.Values.PageIsText = Utf8.IsValid(page);
        var json = new JsonCursor(page);
        if (json.Peek() != '[')
            throw new MalformedPageException(_plan.Tables[0].Schema.Name, "it starts with something else");

        var records = 0;
        var stored = 0;
        for (var more = json.EnterArray(); more; more = json.NextInArray())
        {
            records++;
            if (ReadRecord(ref json))
                stored++;

            _records++;
        }

        json.End();
        return new PageResult(records, stored);
    }

    private bool ReadRecord(ref JsonCursor json)
    {
        var table = _plan.Tables[0];
        if (json.Peek() != '{')
        {
            json.Skip();
            _tally.EndUnusableRecord(_records);
            return false;
        }

        var row = _rows.Begin(table);
        _reader.ReadObject(ref json, table.Element, row);
        if (table.KeyColumn < 0 || _rows[0].IsNull(table.KeyColumn, row))
        {
            _rows.Drop(table, row);
            _tally.EndUnusableRecord(_records);
            return false;
        }

        var key = _rows[0].GetInt64(table.KeyColumn, row);
        if (!_known.Add(key))
        {
            _rows.Drop(table, row);
            _tally.EndDuplicateRecord();
            return false;
        }

        _pageKeys.Add(key);
        _rows.RepeatKey(table, key);
        _tally.EndRecord(key);
        return true;
    }
}
