using CoupaGateway.Schema;
using CoupaGateway.Sync.Flattening;

namespace CoupaGateway.Sync.Tests.Flattening;

public sealed class FlattenerTests
{
    [Theory]
    [InlineData(ColumnType.Int64, "567", "567")]
    [InlineData(ColumnType.Int64, "\"567\"", "567")]
    [InlineData(ColumnType.Int64, "567.0", "567")]
    [InlineData(ColumnType.Int64, "5.67e2", "567")]
    [InlineData(ColumnType.Int64, "-9223372036854775808", "-9223372036854775808")]
    [InlineData(ColumnType.Int64, "\"9223372036854775807.00\"", "9223372036854775807")]
    [InlineData(ColumnType.Int64, "9223372036854775808", null)]
    [InlineData(ColumnType.Int64, "567.5", null)]
    [InlineData(ColumnType.Int64, "true", null)]
    [InlineData(ColumnType.Int64, "\"12a\"", null)]
    [InlineData(ColumnType.Int64, "{\"id\":1}", null)]
    [InlineData(ColumnType.Int64, "[1]", null)]
    [InlineData(ColumnType.Decimal, "\"567.07\"", "567.070000000000")]
    [InlineData(ColumnType.Decimal, "-0.000000000001", "-0.000000000001")]
    [InlineData(ColumnType.Decimal, "1.2500000000000000000", "1.250000000000")]
    [InlineData(ColumnType.Decimal, "0.0000000000001", null)]
    [InlineData(ColumnType.Decimal, "1.25e3", "1250.000000000000")]
    [InlineData(ColumnType.Decimal, "\"125E-2\"", "1.250000000000")]
    [InlineData(ColumnType.Decimal, "99999999999999999999999999.999999999999", "99999999999999999999999999.999999999999")]
    [InlineData(ColumnType.Decimal, "100000000000000000000000000", null)]
    [InlineData(ColumnType.Decimal, "0e400", "0.000000000000")]
    [InlineData(ColumnType.Decimal, "1e400", null)]
    [InlineData(ColumnType.Decimal, "\"1,000.00\"", null)]
    [InlineData(ColumnType.Decimal, "\"1.2.3\"", null)]
    [InlineData(ColumnType.Decimal, "\".5\"", "0.500000000000")]
    [InlineData(ColumnType.Decimal, "\".\"", null)]
    [InlineData(ColumnType.Boolean, "true", "true")]
    [InlineData(ColumnType.Boolean, "\"False\"", "false")]
    [InlineData(ColumnType.Boolean, "\"yes\"", "true")]
    [InlineData(ColumnType.Boolean, "0", "false")]
    [InlineData(ColumnType.Boolean, "2", null)]
    [InlineData(ColumnType.DateTime, "\"2016-10-07T06:59:46-07:00\"", "1475848786000000")]
    [InlineData(ColumnType.DateTime, "\"2016-10-07T13:59:46Z\"", "1475848786000000")]
    [InlineData(ColumnType.DateTime, "\"2016-10-07 13:59:46 +0000\"", "1475848786000000")]
    [InlineData(ColumnType.DateTime, "\"2016-10-07T13:59:46\"", "1475848786000000")]
    [InlineData(ColumnType.DateTime, "\"2016-10-07T13:59:46.1234569Z\"", "1475848786123456")]
    [InlineData(ColumnType.DateTime, "\"2016-10-07\"", "1475798400000000")]
    [InlineData(ColumnType.DateTime, "\"1969-12-31T23:59:59.5Z\"", "-500000")]
    [InlineData(ColumnType.DateTime, "\"2016-02-30T00:00:00Z\"", null)]
    [InlineData(ColumnType.DateTime, "\"2016-10-07T24:00:00Z\"", null)]
    [InlineData(ColumnType.DateTime, "\"2016-10-07T13:59:46+\"", null)]
    [InlineData(ColumnType.DateTime, "\"2016-10-07T13:59:46Zulu\"", null)]
    [InlineData(ColumnType.DateTime, "\"0001-01-01T00:00:00+14:00\"", null)]
    [InlineData(ColumnType.DateTime, "1475848786", null)]
    [InlineData(ColumnType.DateTime, "\"yesterday\"", null)]
    [InlineData(ColumnType.Date, "\"2016-10-07\"", "17081")]
    [InlineData(ColumnType.Date, "\"2016-10-07T23:59:46-07:00\"", "17081")]
    [InlineData(ColumnType.Date, "\"2016-10-7\"", null)]
    [InlineData(ColumnType.String, "\"Grüße, 東京\"", "Grüße, 東京")]
    [InlineData(ColumnType.String, "\"\"", "")]
    [InlineData(ColumnType.String, "12.50", "12.50")]
    [InlineData(ColumnType.String, "true", "true")]
    [InlineData(ColumnType.String, "\"a\\n\\\"b\\\"\\/\\u00e9\\ud83d\\ude00\"", "a\n\"b\"/é😀")]
    [InlineData(ColumnType.String, "\"exactly12byt\"", "exactly12byt")]
    [InlineData(ColumnType.String, "\"thirteen byte\"", "thirteen byte")]
    [InlineData(ColumnType.String, "{\"name\":1}", null)]
    [InlineData(ColumnType.String, "[]", null)]
    public void A_value_that_fits_is_kept_exactly_and_one_that_does_not_is_null_and_counted(ColumnType type, string json, string? expected)
    {
        using var bench = new FlattenBench(TestSchemas.Api("things", TestSchemas.Field("value", type)));

        bench.Add($$"""[{"id":7,"value":{{json}}}]""");

        Assert.Equal([expected ?? "∅"], bench.Read(0, "value"));
        if (expected is null)
        {
            var bad = Assert.Single(bench.Flattener.Findings.BadValues);
            Assert.Equal(("things", "value", 1L), (bad.Table, bad.Column, bad.Count));
            Assert.Equal([7L], bad.Keys);
            Assert.Equal(1, bench.Flattener.BadValueCount);
        }
        else
        {
            Assert.Empty(bench.Flattener.Findings.BadValues);
        }
    }

    [Fact]
    public void An_empty_text_is_null_where_a_column_holds_no_text()
    {
        using var bench = new FlattenBench(TestSchemas.Api(
            "things", TestSchemas.Field("a", ColumnType.Decimal), TestSchemas.Field("b", ColumnType.DateTime), TestSchemas.Field("c", ColumnType.Boolean)));

        bench.Add("""[{"id":1,"a":"","b":"","c":""}]""");

        Assert.Equal(["∅|∅|∅"], bench.Read(0, "a", "b", "c"));
        Assert.Equal(0, bench.Flattener.BadValueCount);
    }

    [Fact]
    public void Three_levels_carry_the_keys_of_all_rows_above_them_wherever_the_id_stands()
    {
        var orders = TestSchemas.Api("orders");
        var lines = TestSchemas.Nested(orders, "lines", ["order-lines"], hasId: true, TestSchemas.Field("text", ColumnType.String));
        var splits = TestSchemas.Nested(lines, "splits", ["account", "splits"], hasId: false, TestSchemas.Field("amount", ColumnType.Decimal));
        using var bench = new FlattenBench(orders, lines, splits);

        bench.Add("""
            [{"order-lines":[{"account":{"splits":[{"amount":"1"},{"amount":"2"}]},"id":11,"text":"a"},{"id":"12","account":null}],"id":1},
             {"id":2,"order_lines":{"id":21,"account":{"splits":{"amount":3}}}},
             {"id":3,"order-lines":null}]
            """);

        var stamp = "1767323045000000";
        Assert.Equal([$"1|0|{stamp}", $"2|0|{stamp}", $"3|0|{stamp}"], bench.Read(0));
        Assert.Equal([$"1|11|a|0|{stamp}", $"1|12|∅|1|{stamp}", $"2|21|∅|0|{stamp}"], bench.Read(1));
        Assert.Equal([$"1|11|1.000000000000|0|{stamp}", $"1|11|2.000000000000|1|{stamp}", $"2|21|3.000000000000|0|{stamp}"], bench.Read(2));
    }

    [Fact]
    public void An_object_fills_reference_columns_and_a_nested_table_at_once()
    {
        var invoices = TestSchemas.Api("invoices", TestSchemas.Field("supplier_id", ColumnType.Int64, "supplier", "id"), TestSchemas.Field("supplier_name", ColumnType.String, "supplier", "name"));
        using var bench = new FlattenBench(invoices, TestSchemas.Nested(invoices, "invoice_suppliers", ["supplier"], hasId: true, TestSchemas.Field("name", ColumnType.String)));

        bench.Add("""[{"id":1,"supplier":{"id":5,"name":"Acme","deep":[[[{}]]]},"other":{"id":9}}]""");

        Assert.Equal(["5|Acme"], bench.Read(0, "supplier_id", "supplier_name"));
        Assert.Equal(["1|5|Acme"], bench.Read(1, "invoices_id", "id", "name"));
    }

    [Fact]
    public void Of_a_key_that_comes_twice_the_last_counts_with_all_that_hangs_on_it()
    {
        var things = TestSchemas.Api("things", TestSchemas.Field("created_at", ColumnType.String), TestSchemas.Field("user_id", ColumnType.Int64, "user", "id"), TestSchemas.Field("user_name", ColumnType.String, "user", "name"));
        var tags = TestSchemas.Nested(things, "tags", ["tags"], hasId: true);
        var notes = TestSchemas.Nested(tags, "notes", ["notes"], hasId: true);
        using var bench = new FlattenBench(things, tags, notes);

        bench.Add("""
            [{"id":1,"created-at":"a","created_at":"b","user":{"id":1,"name":"x"},"user":{"id":2},
              "tags":[{"id":1,"notes":[{"id":5}]},{"id":2}],"tags":[{"id":3,"notes":[{"id":6}],"notes":null}]}]
            """);

        Assert.Equal(["b|2|∅"], bench.Read(0, "created_at", "user_id", "user_name"));
        Assert.Equal(["1|3"], bench.Read(1, "things_id", "id"));
        Assert.Empty(bench.Read(2));
    }

    [Fact]
    public void An_element_without_a_usable_id_keeps_its_row_under_its_position_and_is_counted_once()
    {
        var things = TestSchemas.Api("things");
        using var bench = new FlattenBench(things, TestSchemas.Nested(things, "tags", ["tags"], hasId: true, TestSchemas.Field("name", ColumnType.String)));

        bench.Add("""[{"id":1,"tags":[{"name":"a"},null,{"id":"x","name":"b"},5]}]""");

        Assert.Equal(["-3|b|2", "-1|a|0"], bench.Read(1, "id", "name", "_position"));
        var bad = bench.Flattener.Findings.BadValues;
        Assert.Equal([("tags", null, 1L), ("tags", "id", 2L)], bad.Select(static column => (column.Table, column.Column, column.Count)));
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100)]
    public void Of_elements_with_one_id_under_one_parent_the_first_counts(int elements)
    {
        var things = TestSchemas.Api("things");
        var tags = TestSchemas.Nested(things, "tags", ["tags"], hasId: true, TestSchemas.Field("name", ColumnType.String));
        using var bench = new FlattenBench(things, tags, TestSchemas.Nested(tags, "notes", ["notes"], hasId: true));
        var array = string.Join(',', Enumerable.Range(1, elements).Concat([elements, 2]).Select(static (id, i) => $$$"""{"id":{{{id}}},"name":"{{{i}}}","notes":[{"id":{{{i}}}}]}"""));

        bench.Add($$"""[{"id":1,"tags":[{{array}}]},{"id":2,"tags":[{"id":1}]}]""");

        Assert.Equal([.. Enumerable.Range(1, elements).Select(static id => $"1|{id}|{id - 1}"), "2|1|∅"], bench.Read(1, "things_id", "id", "name"));
        Assert.Equal(elements, bench.Read(2).Length);
        Assert.Equal(2, bench.Flattener.Findings.DuplicateElements);
    }

    [Fact]
    public void Records_without_a_usable_key_and_records_that_came_before_leave_nothing_behind()
    {
        var things = TestSchemas.Api("things", TestSchemas.Field("n", ColumnType.Int64));
        using var bench = new FlattenBench(things, TestSchemas.Nested(things, "tags", ["tags"], hasId: true));

        bench.Add("""[{"id":1,"tags":[{"id":1}]},{"tags":[{"id":9}]},null,"text",[1],{"id":"abc","n":"bad","tags":[{"id":9}]}]""");
        bench.Add("""[{"id":1,"n":"bad","tags":[{"id":8}]},{"id":2,"n":2}]""");

        Assert.Equal(["1|∅", "2|2"], bench.Read(0, "id", "n"));
        Assert.Equal(["1|1"], bench.Read(1, "things_id", "id"));
        var findings = bench.Flattener.Findings;
        Assert.Equal((5L, 1L, 0L), (findings.UnusableRecords, findings.DuplicateRecords, findings.BadValueCount));
        Assert.Equal([1L, 2, 3, 4, 5], findings.UnusablePositions);
    }

    [Fact]
    public void A_key_below_the_record_names_the_row()
    {
        var revisions = TestSchemas.Api("revisions", TestSchemas.Field("order_id", ColumnType.Int64, "id"));
        revisions = revisions with { Columns = [TestSchemas.Field("revision_record_id", ColumnType.Int64, "revision-record", "id") with { IsKey = true }, .. revisions.Columns.Skip(1)] };
        using var bench = new FlattenBench(revisions);

        bench.Add("""[{"id":5,"revision-record":{"id":50}},{"id":5,"revision-record":{"id":49}},{"id":6,"revision-record":{}}]""");

        Assert.Equal(["49|5", "50|5"], bench.Read(0, "revision_record_id", "order_id"));
        Assert.Equal(1, bench.Flattener.Findings.UnusableRecords);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("<html></html>")]
    [InlineData("[{\"id\":3,\"tags\":[{\"id\":1}]},{\"id\":4,")]
    [InlineData("[{\"id\":3}]x")]
    [InlineData("[{\"id\":3}][]")]
    public void A_page_that_is_no_array_is_refused_as_a_whole_and_can_be_tried_again(string page)
    {
        var things = TestSchemas.Api("things", TestSchemas.Field("n", ColumnType.Int64));
        using var bench = new FlattenBench(things, TestSchemas.Nested(things, "tags", ["tags"], hasId: true));
        bench.Add("""[{"id":1,"tags":[{"id":1}]}]""");

        Assert.Throws<MalformedPageException>(() => bench.Add(page));
        bench.Add("""[{"id":3,"tags":[{"id":7}]}]""");

        Assert.Equal(["1", "3"], bench.Read(0, "id"));
        Assert.Equal(["1|1", "3|7"], bench.Read(1, "things_id", "id"));
        Assert.Equal(0, bench.Flattener.Findings.DuplicateRecords);
    }

    [Fact]
    public void What_is_no_text_is_replaced_and_counted_and_a_null_character_survives()
    {
        using var bench = new FlattenBench(TestSchemas.Api("things", TestSchemas.Field("text", ColumnType.String)));

        bench.Add("""[{"id":1,"text":"a\ud800b"},{"id":2,"text":"\udc00\ud83d"},{"id":3,"text":"x\u0000y, and more than twelve bytes"}]""");
        bench.Flattener.Add([.. "[{\"id\":4,\"text\":\"a"u8, 0xFF, .. "b\"}]"u8]);

        Assert.Equal(["a\uFFFDb", "\uFFFD\uFFFD", "x\0y, and more than twelve bytes", "a\uFFFDb"], bench.Read(0, "text"));
        Assert.Equal(3, bench.Flattener.Findings.RepairedTexts);
    }

    [Fact]
    public void Fields_that_no_column_takes_are_skipped_however_deep_they_are()
    {
        using var bench = new FlattenBench(TestSchemas.Api("things", TestSchemas.Field("name", ColumnType.String)));
        var deep = new string('[', 10_000) + new string(']', 10_000);

        bench.Add($$"""[{"id":1,"unknown":{{deep}},"na\u006de":"a"}]""");

        Assert.Equal(["a"], bench.Read(0, "name"));
    }

    [Fact]
    public void A_scalar_where_an_object_or_array_is_expected_is_counted()
    {
        var things = TestSchemas.Api("things", TestSchemas.Field("user_id", ColumnType.Int64, "user", "id"));
        using var bench = new FlattenBench(things, TestSchemas.Nested(things, "tags", ["tags"], hasId: true));

        bench.Add("""[{"id":1,"user":"x","tags":5},{"id":2,"user":[]}]""");

        Assert.Equal([("things", "user_id", 2L), ("tags", null, 1L)], bench.Flattener.Findings.BadValues.Select(static bad => (bad.Table, bad.Column, bad.Count)));
    }
}
