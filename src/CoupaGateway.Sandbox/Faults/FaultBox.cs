using System.Collections.Immutable;
using CoupaGateway.Sandbox.Values;

namespace CoupaGateway.Sandbox.Faults;

/// <summary>The faults that wait for their requests.</summary>
internal sealed class FaultBox(int seed)
{
    private readonly Lock _gate = new();
    private ImmutableList<(Fault Fault, int Seen, int Hit)> _faults = [];
    private ulong _draws;

    public void Add(Fault fault)
    {
        lock (_gate)
            _faults = _faults.Add((fault, 0, 0));
    }

    public void Clear()
    {
        lock (_gate)
            _faults = [];
    }

    /// <summary>The first fault that hits a request, or null.</summary>
    public Fault? Take(string path)
    {
        lock (_gate)
        {
            for (var i = 0; i < _faults.Count; i++)
            {
                var (fault, seen, hit) = _faults[i];
                if (!path.StartsWith(fault.Path, StringComparison.OrdinalIgnoreCase))
                    continue;
                var chosen = seen >= fault.Skip && (fault.Count is not { } count || hit < count) && Draw() < fault.Probability;
                _faults = _faults.SetItem(i, (fault, seen + 1, chosen ? hit + 1 : hit));
                if (chosen)
                    return fault;
            }

            return null;
        }
    }

    private double Draw() => Hashing.Below(Hashing.Mix((ulong)seed, _draws++), 1_000_000) / 1_000_000d;
}
