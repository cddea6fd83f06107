using CoupaGateway.Snapshots.Memory;
using Microsoft.Extensions.Time.Testing;

namespace CoupaGateway.Snapshots.Tests.Memory;

public sealed class IdleWorkTests : IDisposable
{
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch);
    private readonly IdleWork _idle;
    private int _done;

    public IdleWorkTests() => _idle = new(TimeSpan.FromSeconds(10), () => _done++, _time);

    public void Dispose() => _idle.Dispose();

    [Fact]
    public void Is_done_once_after_the_last_of_what_went_on()
    {
        Advance(30);
        Assert.Equal(0, _done);

        _idle.Begin();
        Advance(30);
        _idle.End();
        Advance(9);
        Assert.Equal(0, _done);
        Advance(1);
        Assert.Equal(1, _done);
        Advance(60);
        Assert.Equal(1, _done);
    }

    [Fact]
    public void Waits_while_there_is_always_something_new()
    {
        for (var i = 0; i < 20; i++)
        {
            _idle.Begin();
            Advance(1);
            _idle.End();
            Advance(2);
        }

        Assert.Equal(0, _done);
        Advance(8);
        Assert.Equal(1, _done);
    }

    [Fact]
    public void Waits_for_the_longer_one_of_two()
    {
        _idle.Begin();
        _idle.Begin();
        _idle.End();
        Advance(40);
        Assert.Equal(0, _done);
        _idle.End();
        Advance(10);
        Assert.Equal(1, _done);
    }

    private void Advance(int seconds) => _time.Advance(TimeSpan.FromSeconds(seconds));
}
