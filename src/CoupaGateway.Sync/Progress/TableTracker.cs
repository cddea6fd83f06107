using System.Collections.Immutable;
using CoupaGateway.Coupa.Paging;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Flattening;
using CoupaGateway.Sync.Loading;

namespace CoupaGateway.Sync.Progress;

/// <summary>Follows one load. Written by the load, read by anyone.</summary>
internal sealed class TableTracker(string connection, string table, TimeProvider time)
{
    private volatile TableProgress _current = new() { Connection = connection, Table = table };
    private Func<long> _requests = static () => 0;
    private IdRange? _range;

    public TableProgress Current => _current;

    /// <param name="requests">Tells how many requests were sent.</param>
    public void Loading(LoadMode mode, IdRange? range, Func<long> requests)
    {
        _range = range;
        _requests = requests;
        _current = _current with { State = TableState.Loading, Mode = mode, StartedAt = time.GetUtcNow(), EstimatedParents = range is null ? 0 : null, Requests = requests() };
    }

    /// <summary>Takes over what was read before, by a process that has ended.</summary>
    public void Resumed(RunCheckpoint checkpoint, ImmutableArray<TableSchema> tables) => _current = _current with
    {
        Parents = checkpoint.Records,
        Bytes = checkpoint.Bytes,
        Rows = checkpoint.Staged.IsDefaultOrEmpty
            ? _current.Rows
            : tables.Select((table, i) => (table.Name, checkpoint.Staged[i])).ToImmutableDictionary(static table => table.Name, static table => table.Item2.Sum(static chunk => chunk.Rows)),
    };

    /// <summary>Adds requests beside those that are counted anyway.</summary>
    public void Requested(long requests)
    {
        var before = _requests;
        _requests = () => before() + requests;
        _current = _current with { Requests = _requests() };
    }

    /// <summary>Adds what a table of the family has become.</summary>
    public void Merged(long changed, long deleted) => _current = _current with { Changed = _current.Changed + changed, Deleted = _current.Deleted + deleted };

    public void Read(int records, int bytes, long? lastId, long badValues)
    {
        var current = _current;
        var parents = current.Parents + records;
        _current = current with
        {
            Parents = parents,
            Bytes = current.Bytes + bytes,
            BadValues = badValues,
            Requests = _requests(),
            CurrentId = lastId ?? current.CurrentId,
            EstimatedParents = lastId is { } id && _range is { } range ? Estimate(parents, new IdRange(range.First, id).Width, range.Width) : current.EstimatedParents,
        };
    }

    public void Staged(string name, int rows) => _current = _current with { Rows = _current.Rows.SetItem(name, _current.Rows.GetValueOrDefault(name) + rows) };

    public void Found(FlattenFindings findings) => _current = _current with { Findings = findings, BadValues = findings.BadValueCount };

    public void Committing() => _current = _current with { State = TableState.Committing, EstimatedParents = _current.Parents, Requests = _requests() };

    public void Loaded() => _current = _current with { State = TableState.Loaded, EndedAt = time.GetUtcNow() };

    public void Failed(string error, bool isTransient = false) => _current = _current with { State = TableState.Failed, EndedAt = time.GetUtcNow(), Error = error, IsTransient = isTransient, Requests = _requests() };

    private static long Estimate(long parents, long read, long whole) => Math.Max(parents, (long)(parents * ((double)whole / Math.Max(1, read))));
}
