using System.Runtime.CompilerServices;
using CoupaGateway.Snapshots.Memory;
using Microsoft.Extensions.Time.Testing;

namespace CoupaGateway.Snapshots.Tests.Memory;

[Collection("Memory of the process")]
public sealed class IdleMemoryTests
{
    [Fact]
    public void What_was_left_behind_is_collected_when_there_is_nothing_to_do()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UnixEpoch);
        using var memory = new IdleMemory(time);
        WeakReference left;
        using (memory.Begin())
        {
            left = Leave();
            time.Advance(TimeSpan.FromMinutes(1));
        }

        Assert.True(left.IsAlive);
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.False(left.IsAlive);
    }

    /// <summary>An object in the oldest generation, which only a full collection takes.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference Leave() => new(new byte[20 << 20]);
}
