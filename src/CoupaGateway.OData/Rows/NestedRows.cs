using System.Collections.Immutable;

namespace CoupaGateway.OData.Rows;

/// <summary>
/// The rows of one navigation property, read side by side with the rows that they stand in: each has the number of the row above in a hidden column, and both come in the
/// order of that number.
/// </summary>
internal sealed class NestedRows
{
    private readonly RowReader _rows;
    private readonly RowWriter _writer;
    private readonly ColumnVector _above;
    private readonly NestedFormat _format;
    private readonly byte[] _name;
    private readonly byte[] _linkName;
    private readonly byte[] _linkStart;
    private readonly byte[] _linkEnd;
    private readonly ImmutableArray<KeyPart> _key;
    private int _row;
    private long _number = 1;
    private bool _ended;

    /// <param name="rows">The hidden column is its last.</param>
    /// <param name="parents">Columns of the row above.</param>
    public NestedRows(RowReader rows, JsonRowFormat rowFormat, NestedFormat format, ImmutableArray<ColumnVector> parents)
    {
        _rows = rows;
        _writer = new RowWriter(rows.Vectors, rowFormat);
        _above = rows.Vectors[^1];
        _format = format;
        _name = [.. ","u8, .. PropertyWriter.Encode(format.Name), .. ":"u8];
        _linkName = [.. ","u8, .. PropertyWriter.Encode($"{format.Name}{rowFormat.Prefix}nextLink"), .. ":\""u8];
        _linkStart = [.. PropertyWriter.Encode(format.LinkStart)[1..^1], .. "("u8];
        _linkEnd = [.. ")"u8, .. PropertyWriter.Encode(format.LinkEnd)[1..^1], .. "\""u8];
        _key = [.. format.Key.Select((column, index) => new KeyPart(parents[column], index, format.Key.Length > 1))];
    }

    /// <param name="number">Number of the row above, from 1.</param>
    /// <param name="skip">1 when no property was written before, for the comma; 0 afterwards.</param>
    public void Write(ref JsonOutput output, int parent, long number, ref int skip)
    {
        output.Reserve(_name.Length + 8);
        output.Write(_name.AsSpan(skip));
        skip = 0;
        if (_format.IsCollection)
            output.WriteByte((byte)'[');
        var written = 0;
        var more = false;
        for (; MoveTo(number); Next())
        {
            if (written == _format.Limit)
            {
                more = true;
                continue;
            }

            if (written++ > 0)
            {
                output.Reserve(1);
                output.WriteByte((byte)',');
            }

            _writer.WriteRow(ref output, _row, _number);
        }

        output.Reserve(8);
        if (_format.IsCollection)
            output.WriteByte((byte)']');
        else if (written == 0)
            output.Write("null"u8);
        if (more)
            WriteLink(ref output, parent);
    }

    /// <summary>Whether the current row, the first that is not passed yet, stands in that one.</summary>
    private bool MoveTo(long number)
    {
        while (Current() is { } above)
        {
            if (above >= number)
                return above == number;
            Next();
        }

        return false;
    }

    private long? Current()
    {
        if (_row == _rows.RowCount && !_ended)
        {
            _row = 0;
            _ended = !_rows.NextChunk();
            if (!_ended)
                _writer.Bind(_rows.RowCount);
        }

        return _ended ? null : _above.ReadInteger(_row);
    }

    private void Next()
    {
        _row++;
        _number++;
    }

    private void WriteLink(ref JsonOutput output, int parent)
    {
        output.Reserve(_linkName.Length + _linkStart.Length);
        output.Write(_linkName);
        output.Write(_linkStart);
        foreach (var part in _key)
            part.Write(ref output, parent);
        output.Reserve(_linkEnd.Length);
        output.Write(_linkEnd);
    }
}
