using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using CoupaGateway.Schema;
using CoupaGateway.Snapshots.Chunks.Writing;
using CoupaGateway.Sync.Flattening;
using CoupaGateway.Sync.Pseudonyms;
using DuckDB.NET.Data;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CoupaGateway.Sync.Tests.Flattening;

/// <summary>Flattens JSON and reads the rows back through real Parquet files.</summary>
internal sealed class FlattenBench : IDisposable
{
    public static readonly DateTimeOffset ChangedAt = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly ServiceProvider _services;
    private readonly string _folder = Directory.CreateTempSubdirectory("flatten").FullName;

    public FlattenBench(params TableSchema[] family)
        : this(PseudonymSecrets.None, family)
    {
    }

    public FlattenBench(PseudonymSecrets secrets, params TableSchema[] family)
    {
        Pseudonyms = new Pseudonymizer([.. family], secrets);
        _services = new ServiceCollection()
            .AddChunkWriting(new ConfigurationBuilder().AddInMemoryCollection([new("Chunks:Folder", _folder)]).Build())
            .BuildServiceProvider();
        Flattener = new Flattener(FlattenPlan.Compile([.. family], Pseudonyms), ChangedAt);
    }

    public Flattener Flattener { get; }

    public Pseudonymizer Pseudonyms { get; }

    public FlattenBench Add(string json)
    {
        Flattener.Add(Encoding.UTF8.GetBytes(json));
        return this;
    }

    /// <summary>
    /// Rows of a table in key order, values as text: instants in microseconds and dates in days since 1970, decimals with all fraction
    /// digits. Without columns named, all are given.
    /// </summary>
    public ImmutableArray<string> Read(int table, params string[] columns)
    {
        var rows = Flattener.Rows[table];
        var chunk = _services.GetRequiredService<IChunkWriter>().Write(rows, CancellationToken.None);
        if (chunk.Count == 0)
            return [];

        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        using var command = connection.CreateCommand();
        var select = rows.Table.Columns.Where(column => columns.Length == 0 || columns.Contains(column.Name)).Select(static column => column.Type switch
        {
            ColumnType.DateTime => $"epoch_us(\"{column.Name}\")::VARCHAR",
            ColumnType.Date => $"(\"{column.Name}\" - DATE '1970-01-01')::VARCHAR",
            _ => $"\"{column.Name}\"::VARCHAR",
        });
        command.CommandText = string.Create(
            CultureInfo.InvariantCulture, $"SELECT {string.Join(", ", select)} FROM read_parquet([{string.Join(", ", chunk.Select(static file => $"'{file.Path}'"))}])");
        using var reader = command.ExecuteReader();
        var result = ImmutableArray.CreateBuilder<string>();
        while (reader.Read())
            result.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "∅" : reader.GetString(i))));

        return result.ToImmutable();
    }

    public void Dispose()
    {
        Flattener.Dispose();
        Pseudonyms.Dispose();
        _services.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
