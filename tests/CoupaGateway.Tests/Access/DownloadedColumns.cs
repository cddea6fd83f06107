using System.Text;
using Apache.Arrow.Ipc;
using DuckDB.NET.Data;

namespace CoupaGateway.Tests.Access;

/// <summary>The names of the columns in a downloaded file, read as its format's own readers do.</summary>
internal static class DownloadedColumns
{
    public static string[] Formats { get; } = ["csv", "parquet", "arrow"];

    public static IEnumerable<string> Read(string format, byte[] file) => format switch
    {
        "csv" => Encoding.UTF8.GetString(file).TrimStart('\uFEFF').Split('\n')[0].TrimEnd('\r').Split(','),
        "parquet" => ReadParquet(file),
        _ => ReadArrow(file),
    };

    private static List<string> ReadParquet(byte[] file)
    {
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, file);
            using var connection = new DuckDBConnection("DataSource=:memory:");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = $"SELECT column_name FROM (DESCRIBE SELECT * FROM read_parquet('{path}'))";
            using var reader = command.ExecuteReader();
            var names = new List<string>();
            while (reader.Read())
                names.Add(reader.GetString(0));
            return names;
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string[] ReadArrow(byte[] file)
    {
        using var reader = new ArrowStreamReader(new MemoryStream(file));
        return [.. reader.Schema.FieldsList.Select(static field => field.Name)];
    }
}
