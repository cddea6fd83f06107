using CoupaGateway.Coupa.Clocks;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>No instance has told its clock, until a test says how far this machine's is ahead of one.</summary>
internal sealed class FakeClocks : IInstanceClocks
{
    public TimeSpan Ahead { get; set; }

    public DateTimeOffset? Now(Uri instance) => null;

    public IReadOnlyDictionary<string, TimeSpan> FindDifferent() =>
        Ahead == TimeSpan.Zero ? new Dictionary<string, TimeSpan>() : new Dictionary<string, TimeSpan> { ["example.coupahost.com"] = Ahead };
}
