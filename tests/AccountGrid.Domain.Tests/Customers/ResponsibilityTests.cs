using AccountGrid.Domain.Customers;

namespace AccountGrid.Domain.Tests.Customers;

/// <summary>Who is responsible: by day, by the tree of areas, and by how far a case has gone up.</summary>
public sealed class ResponsibilityTests
{
    private static readonly Dictionary<string, AreaNode> Areas = new AreaNode[]
    {
        new("all", null, "P0"), new("north", "all", null), new("north-1", "north", "P1"), new("north-2", "north", null), new("south", "all", "P0"),
        new("apart", null, null),
    }.ToDictionary(a => a.Id);

    [Theory]
    [InlineData(9, null)]
    [InlineData(10, "B")]
    [InlineData(19, "B")]
    [InlineData(20, null)]
    [InlineData(21, null)]
    [InlineData(30, "D")]
    public void An_assignment_counts_from_its_day_on_and_of_two_of_one_day_the_later(int day, string? person)
    {
        Assignment[] assignments = [new(10, 1, "A"), new(10, 4, "B"), new(20, 2, null), new(30, 3, "D")];
        Assert.Equal(person, Responsibility.PersonOn(assignments, day));
        Assert.Equal(person, Responsibility.PersonOn(assignments.Reverse(), day));
    }

    [Theory]
    [InlineData("north-1", "P1 P0")]
    [InlineData("north-2", "P0")]
    [InlineData("north", "P0")]
    [InlineData("south", "P0")]
    [InlineData("all", "P0")]
    [InlineData("apart", "")]
    [InlineData("nowhere", "")]
    public void Where_an_area_has_no_collector_that_of_the_area_above_is_responsible(string area, string chain) =>
        Assert.Equal(chain, string.Join(' ', Responsibility.ChainOf(Areas, area)));

    [Theory]
    [InlineData("north", "north-1", false)]
    [InlineData("north", "north", false)]
    [InlineData("all", "north-2", false)]
    [InlineData("north-1", "south", true)]
    [InlineData("new", "north-1", true)]
    public void An_area_never_lies_in_itself(string area, string parent, bool can) => Assert.Equal(can, Responsibility.CanBeUnder(Areas, area, parent));

    [Theory]
    [InlineData(null, "", 0, null)]
    [InlineData(null, "", 3, null)]
    [InlineData("M", "", 0, "M")]
    [InlineData("M", "", 2, "M")]
    [InlineData(null, "P1 P0", 0, "P1")]
    [InlineData(null, "P1 P0", 1, "P0")]
    [InlineData(null, "P1 P0", 2, "P0")]
    [InlineData("M", "P1 P0", 0, "M")]
    [InlineData("M", "P1 P0", 1, "P1")]
    [InlineData("M", "P1 P0", 2, "P0")]
    [InlineData("P1", "P1 P0", 0, "P1")]
    [InlineData("P1", "P1 P0", 1, "P0")]
    [InlineData("P0", "P1 P0", 1, "P1")]
    public void A_case_is_the_managers_then_the_collectors_from_the_area_up(string? manager, string chain, int level, string? owner) =>
        Assert.Equal(owner, Responsibility.OwnerOf(manager, chain.Split(' ', StringSplitOptions.RemoveEmptyEntries), level));

    [Fact]
    public void A_circle_of_areas_is_an_error_and_not_a_loop()
    {
        var circle = new AreaNode[] { new("a", "b", null), new("b", "a", null) }.ToDictionary(a => a.Id);
        Assert.Throws<InvariantBrokenException>(() => Responsibility.PathOf(circle, "a"));
    }
}
