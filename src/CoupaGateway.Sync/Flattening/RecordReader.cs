using CoupaGateway.Sync.Observing;

namespace CoupaGateway.Sync.Flattening;

/// <summary>Reads JSON objects into rows: a record and everything nested in it, in one pass as long as no field is wanted twice.</summary>
internal sealed class RecordReader
{
    private readonly FamilyRows _rows;
    private readonly FindingsTally _tally;
    private readonly KeyObserver _observer;
    private readonly KeyTable[] _keys;
    private readonly SiblingKeys[] _siblings;

    // By field: the last object that had it, to notice a key that comes twice.
    private readonly long[] _seen;
    private long _object;

    public RecordReader(FlattenPlan plan, FamilyRows rows, FindingsTally tally, KeyObserver observer)
    {
        (_rows, _tally, _observer) = (rows, tally, observer);
        Values = new ValueWriter(rows, tally);
        _seen = new long[plan.Fields];
        _keys = new KeyTable[plan.Objects];
        _siblings = [.. plan.Tables.Select(table => new SiblingKeys(rows[table.Index], table.KeyColumn))];
        foreach (var table in plan.Tables)
            AddKeys(table.Element);
    }

    public ValueWriter Values { get; }

    /// <summary>Reads an object into columns of a row, and what is nested in it into rows of their own.</summary>
    public void ReadObject(ref JsonCursor json, ObjectPlan plan, int row)
    {
        var keys = _keys[plan.Index];
        var spelling = keys.Start;
        var number = ++_object;
        for (var more = json.EnterObject(); more; more = json.NextInObject())
        {
            spelling = spelling.Next is { } next && json.TryTakeKey(next.Quoted) ? next : keys.Find(spelling, json.ReadKey());
            if (spelling.Field is not { } field)
            {
                if (spelling.Observed is { } news)
                    news.Take(ref json);
                else
                    json.Skip();
                continue;
            }

            if (_seen[field.Index] == number)
                _rows.Forget(field, row);

            _seen[field.Index] = number;
            if (spelling.Observed is null)
                ReadField(ref json, field, row);
            else
                ReadObserved(ref json, field, spelling.Observed, row);
        }
    }

    /// <summary>Reads a field with an observed column, and notes what kind of value it has.</summary>
    private void ReadObserved(ref JsonCursor json, FieldPlan field, ObservedValue observed, int row)
    {
        var first = json.Peek();
        var start = json.Position;
        ReadField(ref json, field, row);
        observed.Note(first, json.Text(start));
    }

    private void AddKeys(ObjectPlan plan)
    {
        _keys[plan.Index] = new KeyTable(plan, _observer);
        foreach (var field in plan.Fields.Values)
        {
            if (field.Object is not null)
                AddKeys(field.Object);
        }
    }

    private void ReadField(ref JsonCursor json, FieldPlan field, int row)
    {
        switch (json.Peek())
        {
            case (byte)'n':
                json.TakeNull();
                return;
            case (byte)'{' when field.Object is not null || field.Tables.Count > 0:
                ReadObjectField(ref json, field, row);
                return;
            case (byte)'[' when field.Tables.Count > 0:
                var start = json.Position;
                foreach (var table in field.Tables)
                {
                    json.Position = start;
                    ReadArray(ref json, table);
                }

                return;
            case (byte)'{' or (byte)'[':
                AddBadField(field);
                json.Skip();
                return;
            default:
                if (field.Columns.Count == 0)
                    AddBadField(field);

                Values.Write(ref json, field, row);
                return;
        }
    }

    /// <summary>Reads an object into columns of this row and, where tables are nested there, into a row of each.</summary>
    private void ReadObjectField(ref JsonCursor json, FieldPlan field, int row)
    {
        var start = json.Position;
        if (field.Object is not null)
            ReadObject(ref json, field.Object, row);

        foreach (var table in field.Tables)
        {
            json.Position = start;
            _siblings[table.Index].Begin();
            ReadElement(ref json, table, 0);
        }
    }

    private void ReadArray(ref JsonCursor json, TablePlan table)
    {
        _siblings[table.Index].Begin();
        var position = 0;
        for (var more = json.EnterArray(); more; more = json.NextInArray())
        {
            var first = json.Peek();
            if (first == '{')
            {
                ReadElement(ref json, table, position);
            }
            else
            {
                if (first != 'n')
                    _tally.AddBadValue(table.Index, -1);

                json.Skip();
            }

            position++;
        }
    }

    private void ReadElement(ref JsonCursor json, TablePlan table, int position)
    {
        var rows = _rows[table.Index];
        var row = _rows.Begin(table);
        ReadObject(ref json, table.Element, row);
        if (table.PositionColumn >= 0)
            rows.SetInt64(table.PositionColumn, row, position);

        long key = position;
        if (table.KeyColumn >= 0)
        {
            if (rows.IsNull(table.KeyColumn, row))
            {
                _tally.AddBadValue(table.Index, table.KeyColumn);
                rows.SetInt64(table.KeyColumn, row, -(1L + position));
            }

            key = rows.GetInt64(table.KeyColumn, row);
            if (!_siblings[table.Index].Add(row, key))
            {
                _rows.Drop(table, row);
                _tally.AddDuplicateElement();
                return;
            }
        }

        _rows.RepeatKey(table, key);
    }

    /// <summary>Counts a field that is an object or array where columns want a value, or the other way round.</summary>
    private void AddBadField(FieldPlan field)
    {
        while (field.Columns.Count == 0 && field.Tables.Count == 0)
            field = field.Object!.Fields.Values.First();

        if (field.Columns.Count == 0)
            _tally.AddBadValue(field.Tables[0].Index, -1);
        else if (!field.Columns[0].IsElementKey)
            _tally.AddBadValue(field.Columns[0].Table, field.Columns[0].Column);
    }
}
