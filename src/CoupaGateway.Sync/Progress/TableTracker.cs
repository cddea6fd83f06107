using System.Collections.Immutable;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Diagnostics;
using CoupaGateway.Sync.Flattening;
using CoupaGateway.Sync.Loading;
using CoupaGateway.Sync.Sources;

namespace CoupaGateway.Sync.Progress;

/// <summary>Follows one load. Written by the load, read by anyone.</summary>
internal sealed class TableTracker(string connection, string table, TimeProvider time)
{
    private volatile TableProgress _current = new() { Connection = connection, Table = table };
    private ImmutableArray<IRecordSource> _sources = [];
    private IdRange? _range;
    private bool _tellsIds = true;

    public TableProgress Current => _current;

    /// <summary>A run begins, or goes on with what a process that has ended had read.</summary>
    /// <param name="tables">What is read of each record.</param>
    public void Loading(RunCheckpoint checkpoint, ImmutableArray<TableSchema> tables)
    {
        _range = checkpoint.Range;
        _tellsIds = tables[0].Key[0].Pseudonym is null;
        _current = _current with
        {
            State = TableState.Loading,
            Mode = checkpoint.Mode,
            From = checkpoint.From,
            Until = checkpoint.Until,
            StartedAt = _current.StartedAt ?? time.GetUtcNow(),
            EstimatedParents = checkpoint.Range is null ? 0 : null,
            CurrentId = _tellsIds ? checkpoint.Position : null,
            Parents = checkpoint.Records,
            Bytes = checkpoint.Bytes,
            Rows = checkpoint.Staged.IsDefaultOrEmpty
                ? _current.Rows
                : tables.Select((table, i) => (table.Name, checkpoint.Staged[i])).ToImmutableDictionary(static table => table.Name, static table => table.Item2.Sum(static chunk => chunk.Rows)),
        };
    }

    /// <summary>Counts the requests of a source from now on.</summary>
    public void Follow(IRecordSource source)
    {
        _sources = _sources.Add(source);
        _current = Counted(_current);
    }

    /// <summary>Adds what a table of the family has become.</summary>
    public void Merged(long changed, long deleted)
    {
        _current = _current with { Changed = _current.Changed + changed, Deleted = _current.Deleted + deleted };
        SyncMetrics.Took(connection, table, "changed", changed);
        SyncMetrics.Took(connection, table, "deleted", deleted);
    }

    public void Read(int records, int bytes, long? lastId, long badValues)
    {
        SyncMetrics.Read(connection, table, records);
        var current = Counted(_current);
        var parents = current.Parents + records;
        _current = current with
        {
            Parents = parents,
            Bytes = current.Bytes + bytes,
            BadValues = badValues,
            CurrentId = _tellsIds ? lastId ?? current.CurrentId : null,
            EstimatedParents = lastId is { } id && _range is { } range ? Estimate(parents, new IdRange(range.First, id).Width, range.Width) : current.EstimatedParents,
        };
    }

    public void Staged(string name, int rows)
    {
        _current = _current with { Rows = _current.Rows.SetItem(name, _current.Rows.GetValueOrDefault(name) + rows) };
        SyncMetrics.Took(connection, name, "read", rows);
    }

    public void Found(FlattenFindings findings) => _current = _current with { Findings = findings, BadValues = findings.BadValueCount };

    public void Committing() => _current = Counted(_current) with { State = TableState.Committing, EstimatedParents = _current.Parents };

    public void Loaded() => _current = _current with { State = TableState.Loaded, EndedAt = time.GetUtcNow() };

    /// <summary>It is read, and waits for others.</summary>
    /// <param name="reason">For whom, in words for an operator.</param>
    public void Held(string reason) => _current = Counted(_current) with { State = TableState.Waiting, Error = reason };

    public void Failed(string error, bool isTransient = false) => _current = Counted(_current) with { State = TableState.Failed, EndedAt = time.GetUtcNow(), Error = error, IsTransient = isTransient };

    private TableProgress Counted(TableProgress progress)
    {
        var sources = _sources;
        return progress with { Requests = sources.Sum(static source => source.Requests), Retries = sources.Sum(static source => source.Retries) };
    }

    private static long Estimate(long parents, long read, long whole) => Math.Max(parents, (long)(parents * ((double)whole / Math.Max(1, read))));
}
