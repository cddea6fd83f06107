namespace CoupaGateway.Snapshots.Tests.Servers;

/// <summary>Which server a contract test runs against: null is the embedded one.</summary>
public interface ICacheUnderTest
{
    string? ConnectionString { get; }
}
