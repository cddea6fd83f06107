using CoupaGateway.Sync.Loading;

namespace CoupaGateway.Sync.Tests.Loading;

/// <summary>Processes that end at any point, and those that go on.</summary>
public sealed class ResumeTests : OrdersTests
{
    [Fact]
    public async Task A_run_that_ended_is_taken_up_where_it_was()
    {
        Put(Enumerable.Range(1, 400));
        Tenant.OnPage = page => Fail(page == 30);
        await RunAsync(LoadMode.Full, fails: true);
        Assert.Null(Store.Find("test", "orders"));
        var checkpoint = CheckpointJson.Read(State.Values.Single().Value)!;
        Assert.InRange(checkpoint.Position!.Value, 150, 300);
        Tenant.OnPage = null;
        Time.Advance(TimeSpan.FromMinutes(3));

        var before = Tenant.Pages;
        await RunAsync(LoadMode.Full);

        AssertEqualsTenant();
        Assert.InRange(Tenant.Pages - before, (400 - checkpoint.Position.Value) / 10, 32);
        Assert.Empty(State.Values);
        Assert.Equal(checkpoint.Until, Store.Find("test", "orders")!.Watermark);
    }

    [Fact]
    public async Task A_checkpoint_of_another_mode_another_schema_or_with_lost_chunks_is_not_used()
    {
        Put(Enumerable.Range(1, 100));
        Tenant.OnPage = page => Fail(page == 8);
        await RunAsync(LoadMode.Full, fails: true);
        foreach (var chunk in CheckpointJson.Read(State.Values.Single().Value)!.Staged[0])
            Store.Lose(chunk);

        Tenant.OnPage = null;
        await RunAsync(LoadMode.Full, fails: false);
        AssertEqualsTenant();

        Time.Advance(TimeSpan.FromHours(2));
        Put(Enumerable.Range(1, 100), "changed");
        Tenant.OnPage = page => Fail(page % 10 == 9);
        await RunAsync(LoadMode.Delta, fails: true);
        Tenant.OnPage = null;
        Tenant.Records.Remove(3);
        await RunAsync(LoadMode.Full);
        AssertEqualsTenant();
    }

    [Fact]
    public async Task What_an_earlier_run_has_left_to_be_committed_comes_before_the_work_of_the_next()
    {
        Put(Enumerable.Range(1, 30));
        Store.OnStep = static step => Fail(step == "commit");
        await RunAsync(LoadMode.Full, fails: true);
        Assert.NotNull(CheckpointJson.Read(State.Values.Single().Value)!.Plan);
        Store.OnStep = null;
        Time.Advance(TimeSpan.FromHours(5));
        Put([3], "changed since");

        await RunAsync(LoadMode.Delta);

        AssertEqualsTenant();
        Assert.Equal(2, Store.Find("test", "orders")!.Version);
    }

    [Fact]
    public async Task A_worker_that_another_one_has_overtaken_commits_nothing()
    {
        Put(Enumerable.Range(1, 60));
        using var slow = Bench();
        var overtaken = false;
        Tenant.OnPage = page =>
        {
            if (page != 3 || overtaken)
                return;

            // Another worker goes on with the run: the checkpoint is no longer the one that this worker wrote.
            overtaken = true;
            var (key, value) = State.Values.Single();
            State.Values[key] = CheckpointJson.Write(CheckpointJson.Read(value)! with { Records = 1 });
        };
        Assert.Equal(["orders"], await slow.RunAsync(LoadMode.Full, "orders"));

        Assert.Contains("Another worker", slow.Progress("orders").Error, StringComparison.Ordinal);
        Assert.Null(Store.Find("test", "orders"));
        Assert.Null(Store.Find("test", "parts"));
    }

    /// <summary>
    /// The tenant changes while it is read, processes end at any point, a reader follows by _changed_at and deleted_records: the tables come to
    /// equal the tenant, and so does what the reader has.
    /// </summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_the_tables_come_to_equal_the_tenant_and_so_does_a_reader_that_follows(int seed)
    {
        var random = new Random(seed);
        var follower = new Follower(this);
        Put(Enumerable.Range(1, 110));
        await RunAsync(LoadMode.Full);
        for (var round = 0; round < 6; round++)
        {
            var mode = (LoadMode)random.Next(3);
            Tenant.OnPage = _ => Disturb(random);
            Store.OnStep = _ => Fail(random.Next(25) == 0);
            for (var attempt = 0; attempt < 3; attempt++)
            {
                Time.Advance(TimeSpan.FromMinutes(random.Next(1, 90)));
                await RunAsync(mode, fails: null);
                if (random.Next(2) == 0)
                    follower.Follow();
            }

            (Tenant.OnPage, Store.OnStep) = (null, null);
        }

        Time.Advance(TimeSpan.FromMinutes(1));
        await RunAsync(LoadMode.Delta);
        await RunAsync(LoadMode.Reconcile);
        AssertEqualsTenant();
        Assert.Empty(State.Values);
        follower.Follow();
        follower.AssertEqualsTables();
    }

    private void Disturb(Random random)
    {
        Fail(random.Next(40) == 0);
        var id = random.Next(1, 130);
        switch (random.Next(6))
        {
            case 0:
                Put([id], $"text {random.Next(3)}", lines: random.Next(4));
                break;
            case 1:
                Tenant.Records.Remove(id);
                break;
            case 2:
                Put([(int)Tenant.Records.Keys.LastOrDefault() + 1], "created", lines: random.Next(3));
                break;
            case 3:
                Time.Advance(TimeSpan.FromSeconds(random.Next(60)));
                break;
        }
    }
}
