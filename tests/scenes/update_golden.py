"""Draw the kept pictures anew: ``python -m tests.scenes.update_golden``, from the project's folder."""

from tests.scenes.golden_pictures import drawn_now, golden_path
from tests.scenes.pictures import save_picture


def main() -> None:
    for name, image in drawn_now():
        save_picture(image, golden_path(name))
        print(golden_path(name))


if __name__ == "__main__":
    main()
