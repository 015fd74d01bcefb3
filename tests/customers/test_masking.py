"""What is shown of a person, inside the house and outside."""

import pytest

from common.errors import Refusal
from customers import masking
from customers.addresses import short, split_door, to_building
from customers.phones import clean_phone


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("13912342716", "139 **** 2716"),
        ("07176221234", "0717 **** 234"),
        ("02787654321", "027 **** 321"),
        ("95598", "****"),
        ("", ""),
        ("00447700900123", "0044 **** 123"),
    ],
)
def test_a_phone_shows_its_beginning_and_its_end(number, shown):
    assert masking.phone(number) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("张三", "张*"),
        ("陈淑兰", "陈**"),
        ("欧阳娜娜", "欧阳**"),
        ("欧阳修", "欧阳*"),
        ("欧阳", "欧*"),
        ("夷陵商贸有限公司", "夷陵***"),
        ("O'Brien", "O***"),
        ("", ""),
    ],
)
def test_a_name_outside_keeps_the_surname_only(name, shown):
    assert masking.name_public(name) == shown


def test_a_door_never_shows_how_long_it_is():
    assert masking.door("3") == masking.door("1204") == "***"
    assert masking.door("") == ""


@pytest.mark.parametrize(
    ("typed", "street", "door"),
    [
        ("夜明珠街道桔城路18号2 栋 1 单元 302 室", "夜明珠街道桔城路 18 号 2 栋 1 单元", "302"),
        ("桔城路18号2栋1单元302", "桔城路 18 号 2 栋 1 单元", "302"),
        ("绿萝花园A座12-3", "绿萝花园 A 座", "12-3"),
        ("沿江大道99号301室", "沿江大道 99 号", "301"),
        ("绿萝苑12号", "绿萝苑 12 号", ""),
        ("窑湾村三组12号", "窑湾村三组 12 号", ""),
        ("No. 5 River Road", "No. 5 River Road", ""),
    ],
)
def test_a_door_typed_with_the_address_is_taken_off(typed, street, door):
    assert split_door(typed) == (street, door)


def test_a_door_given_apart_wins():
    assert split_door("桔城路18号2栋1单元", "302 室") == ("桔城路 18 号 2 栋 1 单元", "302")


def test_an_address_outside_ends_at_the_building():
    assert to_building("夜明珠街道桔城路 18 号 2 栋 1 单元") == "夜明珠街道桔城路 18 号 2 栋"
    assert to_building("夷兴路 45 号（铺面）") == "夷兴路 45 号（铺面）"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("夜明珠街道桔城路 18 号 2 栋", "桔城路 18 号 2 栋"),
        ("桥边镇六里河村 3 组", "六里河村 3 组"),
        ("窑湾街道", "窑湾街道"),
        ("云集路 4 号", "云集路 4 号"),
    ],
)
def test_a_short_address_begins_with_the_street(address, shown):
    assert short(address) == shown


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("139 1234 2716", "13912342716"),
        ("+86 139-1234-2716", "13912342716"),
        ("0086 13912342716", "13912342716"),
        ("0717-6221234", "07176221234"),
        ("(0717) 6221234", "07176221234"),
        ("+44 7911 123456", "00447911123456"),
    ],
)
def test_phones_are_kept_as_digits(typed, kept):
    assert clean_phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("1391234", "7"),
        ("139123427160", "12"),
        ("10012342716", "100"),
        ("6221234", "0717-6221234"),
        ("陈淑兰", "digits"),
        ("0717-6", "0717-6221234"),
        ("0717622123456", "exists"),
        ("", "digits"),
    ],
)
def test_a_wrong_phone_is_refused_with_what_is_wrong(typed, says):
    with pytest.raises(Refusal) as refused:
        clean_phone(typed)
    assert says in str(refused.value.message)
    assert refused.value.field == "phone"


class TestTypedPhone:
    """A form shows the number masked; what comes back is the one on file, another one, or none."""

    def test_the_masked_one_left_alone_is_the_one_on_file(self):
        assert masking.typed_phone(" 139 **** 2716", on_file="13912342716", field="phone") == "13912342716"

    def test_another_one_is_cleaned(self):
        assert masking.typed_phone("+86 138 0013 8000", on_file="13912342716", field="phone") == "13800138000"

    def test_an_emptied_field_is_no_number(self):
        assert masking.typed_phone(" ", on_file="13912342716", field="phone") == ""

    def test_what_is_no_number_is_refused_at_its_field(self):
        with pytest.raises(Refusal) as refused:
            masking.typed_phone("139 **** 9999", on_file="13912342716", field="contact_phone")
        assert refused.value.field == "contact_phone"
