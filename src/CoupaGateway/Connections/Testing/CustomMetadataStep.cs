using System.Runtime.CompilerServices;
using CoupaGateway.Coupa.Failures;
using CoupaGateway.Coupa.Testing;
using CoupaGateway.Schema;
using CoupaGateway.Sync.Connections;
using CoupaGateway.Sync.Pseudonyms;
using CoupaGateway.Sync.Sampling;

namespace CoupaGateway.Connections.Testing;

/// <summary>The custom metadata fits a page of the newest records of the tables that it is about.</summary>
internal sealed class CustomMetadataStep(IRecordSampler sampler) : IConnectionTestStep
{
    /// <summary>Requests that a sample costs.</summary>
    private const int Requests = 4;

    public string Name => "custom-metadata";

    public int Order => 90;

    public async IAsyncEnumerable<TestFinding> RunAsync(ConnectionTestContext context, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var tested = (TestedConnection)context;
        if (tested.CustomTables.IsEmpty)
            yield return TestFinding.Ok("There is none, or it is switched off.");

        foreach (var table in tested.CustomTables)
        {
            yield return tested.IsReadable(table)
                ? await LookAsync(tested, table, cancellationToken)
                : new TestFinding(TestState.Skipped, TestCodes.Skipped, "Not tried: no record of it was read.", table);
        }
    }

    private async Task<TestFinding> LookAsync(TestedConnection tested, string table, CancellationToken cancellationToken)
    {
        await tested.WaitForTurnsAsync(Requests, cancellationToken);
        try
        {
            var sample = await sampler.SampleAsync(new ConnectionConfig(tested.Name, tested.Tenant!), tested.Schema.Result.Schema.Family(table), records: 1, cancellationToken);
            return Judge(sample, table);
        }
        catch (PseudonymKeyException error)
        {
            return new TestFinding(TestState.Skipped, TestCodes.Skipped, $"Not tried: {error.Message}", table);
        }
        catch (CoupaException error) when (error.ConcernsOneResource)
        {
            return new TestFinding(TestState.Failed, error.Code, error.Message, table);
        }
    }

    private static TestFinding Judge(RecordSample sample, string table)
    {
        if (sample.Unusable + sample.BadValues > 0)
        {
            return new TestFinding(
                TestState.Warning, TestCodes.CustomMetadataUnfit, $"Of {sample.Records} records {sample.Unusable} have no usable key, and {sample.BadValues} values do not fit their columns.", table);
        }

        var empty = sample.Tables.SelectMany(static sampled => sampled.Table.Columns
            .Where(column => column.Source == SchemaSource.Custom && column.Kind == ColumnKind.Field && sampled.EmptyColumns.Contains(column.Name))
            .Select(column => $"{sampled.Table.Name}.{column.Name}")).ToArray();
        return empty.Length > 0
            ? new TestFinding(TestState.Warning, TestCodes.CustomMetadataEmpty, $"None of {sample.Records} records has a value for {string.Join(", ", empty)}.", table)
            : TestFinding.Ok($"{sample.Records} records fit.", table);
    }
}
