using CoupaGateway.Snapshots.Buckets;
using CoupaGateway.Snapshots.Manifests;
using CoupaGateway.Snapshots.Tests.Servers;

namespace CoupaGateway.Snapshots.Tests.Redis;

/// <summary>Everything that a gateway does with its cache server.</summary>
internal static class CacheUse
{
    private static readonly TableId Table = new("everything", "invoices");

    public static async Task EverythingAsync(Gateway gateway, string folder)
    {
        await gateway.CommitAsync(Table, 1, 1, 2);
        await gateway.CommitAsync(Table, 2, 2, 3);
        await Eventually.TrueAsync(() => gateway.Catalog.FindCurrent(Table)?.Version == 2);
        (await gateway.Chunks.OpenAsync(Table, gateway.Catalog.FindCurrent(Table)!.Chunks, default)).Dispose();
        await gateway.Store.ListAsync(Table.Connection, default);
        await gateway.Store.SettleAsync(Table, default);
        Assert.True(await gateway.Store.KeepStagedAsync(Table, [await gateway.UploadAsync(Table, 9)], default));
        await LittleThingsAsync(gateway, Table);
        await DocumentsAsync(gateway);
        await gateway.Store.DropAsync(Table, default);
        Assert.True(Directory.Exists(folder));
    }

    /// <summary>What is not in a commit: state, leases, budgets.</summary>
    public static async Task LittleThingsAsync(Gateway gateway, TableId table)
    {
        await gateway.State.SetAsync(table, "checkpoint", "kept", lifetime: null, default);
        Assert.True(await gateway.State.TrySetAsync(table, "checkpoint", "kept", "kept", lifetime: null, default));
        var owner = Guid.NewGuid().ToString("N");
        await Eventually.TrueAsync(() => gateway.Leases.TryAcquireAsync(table, owner, TimeSpan.FromSeconds(10), default));
        Assert.True(await gateway.Leases.RenewAsync(table, owner, TimeSpan.FromSeconds(10), default));
        await gateway.Leases.ReleaseAsync(table, owner, default);
        Assert.Equal(1, (await gateway.Buckets.TakeAsync(table.Connection, new BucketLimits(100, 10), 1, default)).Granted);
    }

    private static async Task DocumentsAsync(Gateway gateway)
    {
        Assert.True(await gateway.SharedDocuments.TryWriteAsync("things", "one", expected: null, "1", default));
        Assert.True(await gateway.SharedDocuments.TryWriteAsync("things", "one", "1", value: null, default));
        await gateway.SharedDocuments.ReadAsync("things", default);
        await gateway.SharedDocuments.ReadOneAsync("things", "one", default);
        await gateway.Documents.SetAsync("everything", "jobs", "one", "1", default);
        Assert.True(await gateway.Documents.TrySetAsync("everything", "jobs", "one", "1", "2", default));
        await gateway.Documents.ListAsync("everything", "jobs", default);
        await gateway.Documents.DeleteAsync("everything", "jobs", ["one"], default);
        await gateway.Documents.DropAsync("everything", "jobs", default);
        await gateway.Journals.AppendAsync("audit", DateTimeOffset.UtcNow, "entry", 10, DateTimeOffset.UtcNow.AddDays(-1), default);
        await gateway.Journals.ReadAsync("audit", before: null, 10, default);
        await gateway.Journals.DeleteAsync("audit", default);
        await gateway.State.DeleteAsync(Table, "checkpoint", default);
    }
}
