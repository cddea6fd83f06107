namespace CoupaGateway.OData.Rows;

/// <summary>Durations as text in SQL, as <see cref="Calendar.WriteDuration"/> writes them: Parquet's own type for them has milliseconds only, and hardly a reader.</summary>
internal static class DurationText
{
    /// <param name="column">Name of a column, as it stands in SQL: it is repeated.</param>
    public static string Of(string column)
    {
        var total = $"epoch_us({column})";
        var all = $"abs({total})";
        string Part(string unit, string value) => $"CASE WHEN {value} > 0 THEN concat({value}, '{unit}') ELSE '' END";
        var seconds = $"CASE WHEN {all} % 60000000 > 0 OR {total} = 0 THEN concat(rtrim(rtrim(printf('%d.%06d', {all} // 1000000 % 60, {all} % 1000000), '0'), '.'), 'S') ELSE '' END";
        return $"""
            CASE WHEN {column} IS NOT NULL THEN concat(
                CASE WHEN {total} < 0 THEN '-P' ELSE 'P' END, {Part("D", $"{all} // {Calendar.MicrosPerDay}")},
                CASE WHEN {all} % {Calendar.MicrosPerDay} > 0 OR {total} = 0 THEN 'T' ELSE '' END,
                {Part("H", $"{all} // 3600000000 % 24")}, {Part("M", $"{all} // 60000000 % 60")}, {seconds}) END
            """;
    }
}
